import NIOCore
import NIOPosix
import Primitives
import SIPMessages
import SIPStack

/// The SIP sockets of a node or a user agent: carries out ``TransportAction`` and reports ``TransportEvent``.
///
/// UDP listeners, TCP listeners and the TCP connections opened on demand, one for each remote endpoint. Knows no
/// protocol but the borders between messages on a stream. Lives on one event loop: every call is made there.
package final class SIPTransports {
    /// How often the connections are looked through for those that used up their time.
    private static let sweepInterval = TimeAmount.seconds(1)
    /// A SIP message in one datagram is at most as long as UDP allows.
    private static let datagrams = DatagramSocket.Shape(maximumSize: 65_535, vector: 16)
    /// Connections the system accepts ahead of us: a burst of phones coming back after a power cut.
    private static let backlog: CInt = 1_024

    let limits: TransportLimits
    private let eventLoop: any EventLoop
    /// Held until the transports are closed, since what comes in until then must reach it.
    private var receiver: (any TransportReceiver)?
    private var datagramSockets: [DatagramSocket] = []
    private var streamListeners: [(channel: any Channel, local: Endpoint)] = []
    private var connections: [UInt64: StreamConnection] = [:]
    /// The connection to use for a flow of no connection in particular: the one opened or accepted last.
    private var connectionFor: [Flow: UInt64] = [:]
    private var acceptedFrom: [IPAddress: Int] = [:]
    private var lastConnection: UInt64 = 0
    private var waitingToFlush: [StreamConnection] = []
    private var sweep: Scheduled<Void>?
    private var isClosed = false

    /// - Parameter receiver: held until ``close()``.
    package init(eventLoop: any EventLoop, receiver: any TransportReceiver, limits: TransportLimits = .init()) {
        self.eventLoop = eventLoop
        self.receiver = receiver
        self.limits = limits
    }

    // MARK: listening

    /// Binds a listener.
    ///
    /// - Parameter transport: `.udp` or `.tcp`; others fail.
    /// - Returns: the address bound, which is the `local` of the flows that begin there.
    package func listen(_ transport: SIPTransport, at endpoint: Endpoint) -> EventLoopFuture<Endpoint> {
        switch transport {
        case .udp: listenForDatagrams(at: endpoint)
        case .tcp: listenForConnections(at: endpoint)
        default: eventLoop.makeFailedFuture(TransportRefusal.unsupported(transport))
        }
    }

    private func listenForDatagrams(at endpoint: Endpoint) -> EventLoopFuture<Endpoint> {
        do {
            let socket = try DatagramSocket(binding: endpoint)
            datagramSockets.append(socket)
            let local = socket.local
            let reader = DatagramReader(
                received: { [self] bytes, source in
                    let flow = Flow(transport: .udp, local: local, remote: .endpoint(source), connection: 0)
                    receiver?.receive(.received(bytes, on: flow))
                },
                burstEnded: { [self] in receiver?.burstEnded() },
                failed: { [self] error in receiver?.transportFailed("the UDP socket \(local) broke: \(error)") })
            return socket.start(on: eventLoop, shape: Self.datagrams, reader: reader).map { local }
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }

    private func listenForConnections(at endpoint: Endpoint) -> EventLoopFuture<Endpoint> {
        let transports = NIOLoopBound(self, eventLoop: eventLoop)
        // The port is known only once it is bound, and nothing is accepted before that.
        let local = NIOLoopBoundBox(endpoint, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: watermark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try transports.value.accept(channel, at: local.value) }
            }
            .bind(to: endpoint.socketAddress)
            .flatMapErrorThrowing { error in
                throw SystemCallError(
                    "listen with TCP on", "\(endpoint)", code: (error as? IOError)?.errnoCode ?? 0)
            }
            .map { channel in
                local.value = Endpoint(channel.localAddress) ?? endpoint
                transports.value.streamListeners.append((channel, local.value))
                return local.value
            }
    }

    private var watermark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: limits.waitingBytes / 2, high: limits.waitingBytes)
    }

    private func accept(_ channel: any Channel, at local: Endpoint) throws {
        guard !isClosed, let remote = Endpoint(channel.remoteAddress), connections.count < limits.connections,
            acceptedFrom[remote.address, default: 0] < limits.connectionsFromOneAddress
        else { throw TransportRefusal.tooManyConnections }
        acceptedFrom[remote.address, default: 0] += 1
        let flow = Flow(transport: .tcp, local: local, remote: .endpoint(remote), connection: nextConnection())
        let connection = StreamConnection(flow: flow, channel: channel, isAccepted: true, transports: self)
        add(connection)
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    private func nextConnection() -> UInt64 {
        lastConnection += 1
        return lastConnection
    }

    private func add(_ connection: StreamConnection) {
        connections[connection.flow.connection] = connection
        connectionFor[connection.flow.ofAnyConnection] = connection.flow.connection
        if sweep == nil { scheduleSweep() }
    }

    // MARK: acting

    /// Carries out an action. Nothing leaves before ``flush()``.
    package func perform(_ action: TransportAction) {
        switch action {
        case .transmit(let bytes, let flow):
            guard !isClosed, transmit(bytes, on: flow) else {
                receiver?.receive(.sendFailed(flow))
                return
            }
        case .close(let flow):
            connections[flow.connection]?.close()
        }
    }

    private func transmit(_ bytes: [UInt8], on flow: Flow) -> Bool {
        guard case .endpoint(let remote) = flow.remote, remote.port != 0 else { return false }
        switch flow.transport {
        case .udp:
            guard let socket = datagramSocket(for: flow.local, to: remote) else { return false }
            socket.send(bytes, to: remote)
            return true
        case .tcp:
            if flow.connection != 0 { return connections[flow.connection]?.send(bytes, on: flow) ?? false }
            let open = connectionFor[flow].flatMap { connections[$0] }
            return (open ?? connect(to: remote, from: flow.local))?.send(bytes, on: flow) ?? false
        default:
            return false
        }
    }

    /// The socket bound to `local`, else one from which `remote` can be reached.
    private func datagramSocket(for local: Endpoint, to remote: Endpoint) -> DatagramSocket? {
        datagramSockets.first { $0.local == local }
            ?? datagramSockets.first { $0.local.address.isV4 == remote.address.isV4 }
    }

    /// Sends what the actions since the last time left.
    package func flush() {
        for socket in datagramSockets {
            socket.flush { remote in
                let flow = Flow(transport: .udp, local: socket.local, remote: .endpoint(remote), connection: 0)
                receiver?.receive(.sendFailed(flow))
            }
        }
        // Flushing may close a connection, and closing may put another into the queue.
        while !waitingToFlush.isEmpty {
            let connections = waitingToFlush
            waitingToFlush.removeAll()
            for connection in connections { connection.flush() }
        }
    }

    // MARK: connections

    private func connect(to remote: Endpoint, from local: Endpoint) -> StreamConnection? {
        guard connections.count < limits.connections else { return nil }
        let flow = Flow(transport: .tcp, local: local, remote: .endpoint(remote), connection: nextConnection())
        let connection = StreamConnection(flow: flow, channel: nil, isAccepted: false, transports: self)
        add(connection)
        let bound = NIOLoopBound((transports: self, connection: connection), eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTime)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: watermark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.connection)
                }
            }
            .connect(to: remote.socketAddress)
            .whenComplete { result in
                if case .success(let channel) = result {
                    bound.value.connection.opened(channel)
                } else {
                    bound.value.transports.connectionEnded(bound.value.connection)
                }
                bound.value.transports.receiver?.burstEnded()
            }
        return connection
    }

    /// A connection could not be opened, or is closed.
    func connectionEnded(_ connection: StreamConnection) {
        let failed = connection.failedToOpen()
        guard connections.removeValue(forKey: connection.flow.connection) != nil, let remote = connection.remote else {
            return
        }
        let key = connection.flow.ofAnyConnection
        if connectionFor[key] == connection.flow.connection { connectionFor[key] = nil }
        if connection.isAccepted, let count = acceptedFrom[remote.address] {
            acceptedFrom[remote.address] = count > 1 ? count - 1 : nil
        }
        guard !isClosed else { return }
        for flow in failed { receiver?.receive(.sendFailed(flow)) }
        receiver?.receive(.closed(connection.flow))
        receiver?.burstEnded()
    }

    func needsFlush(_ connection: StreamConnection) { waitingToFlush.append(connection) }

    func received(_ event: TransportEvent) { receiver?.receive(event) }

    func burstEnded() { receiver?.burstEnded() }

    private func scheduleSweep() {
        sweep = eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { [weak self] () -> Void in
            self?.closeOverdue()
        }
    }

    private func closeOverdue() {
        sweep = nil
        let now = NIODeadline.now()
        for connection in connections.values.filter({ $0.isOverdue(at: now) }) { connection.abort() }
        if !connections.isEmpty, !isClosed { scheduleSweep() }
    }

    /// Closes every socket at once. Nothing is reported any more.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        sweep?.cancel()
        sweep = nil
        for socket in datagramSockets { socket.close() }
        for listener in streamListeners { listener.channel.close(promise: nil) }
        for connection in Array(connections.values) { connection.abort() }
        connections.removeAll()
        waitingToFlush.removeAll()
        receiver = nil
    }
}
