import NIOCore
import NIOPosix
import Primitives
import SIPMessages
import SIPStack

/// The SIP sockets of a node or a user agent: carries out ``TransportAction`` and reports ``TransportEvent``.
///
/// UDP listeners, listeners for connections, plain and by TLS or WebSocket, and the TCP and TLS connections opened on
/// demand, one for each remote endpoint, by TLS one for each domain at it. Knows no protocol but the borders between messages. Lives on one event loop: every call
/// is made there.
package final class SIPTransports {
    /// How often the connections are looked through for those that used up their time.
    private static let sweepInterval = TimeAmount.seconds(1)

    let limits: TransportLimits
    let eventLoop: any EventLoop
    /// Held until the transports are closed, since what comes in until then must reach it.
    private(set) var receiver: (any TransportReceiver)?
    var datagramSockets: [DatagramSocket] = []
    var streamListeners: [any Channel] = []
    private(set) var connections: [UInt64: StreamConnection] = [:]
    /// The connection to use for a flow of no connection in particular: the one opened or accepted last.
    private var connectionFor: [Flow: UInt64] = [:]
    /// Which other flow an accepted connection serves (RFC 5923 §5).
    private var aliasOf: [UInt64: Flow] = [:]
    /// For TLS with other servers; nil where none is called.
    package var peering: Peering?
    var acceptedFrom: [IPAddress: Int] = [:]
    private var openedCount = 0
    private var lastConnection: UInt64 = 0
    private var waitingToFlush: [StreamConnection] = []
    private var sweep: Scheduled<Void>?
    private(set) var isClosed = false

    /// - Parameter receiver: held until ``close()``.
    package init(eventLoop: any EventLoop, receiver: any TransportReceiver, limits: TransportLimits = .init()) {
        self.eventLoop = eventLoop
        self.receiver = receiver
        self.limits = limits
    }

    // MARK: connections

    var watermark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: limits.waitingBytes / 2, high: limits.waitingBytes)
    }

    func nextConnection() -> UInt64 {
        lastConnection += 1
        return lastConnection
    }

    func add(_ connection: StreamConnection) {
        connections[connection.flow.connection] = connection
        connectionFor[connection.flow.ofAnyConnection] = connection.flow.connection
        if sweep == nil { scheduleSweep() }
    }

    /// The peer of an accepted connection has proved to be a domain, before it has sent anything else.
    func authenticated(_ connection: StreamConnection, as domain: String) {
        guard connections[connection.flow.connection] === connection else { return }
        connectionFor[connection.flow.ofAnyConnection] = nil
        connection.authenticated(as: domain)
        connectionFor[connection.flow.ofAnyConnection] = connection.flow.connection
    }

    /// RFC 5923 §5: requests to the port at which the peer listens go over the connection that it has opened.
    private func alias(_ flow: Flow, port: UInt16) {
        guard let connection = connections[flow.connection], connection.flow == flow, let remote = connection.remote,
            flow.domain != nil
        else { return }
        var alias = flow.ofAnyConnection
        alias.remote = .endpoint(Endpoint(address: remote.address, port: port))
        if let old = aliasOf.updateValue(alias, forKey: flow.connection), old != alias,
            connectionFor[old] == flow.connection
        {
            connectionFor[old] = nil
        }
        connectionFor[alias] = flow.connection
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
        case .alias(let flow, let port):
            alias(flow, port: port)
        case .limitSilence(let flow, let time):
            connections[flow.connection]?.limitSilence(to: .nanoseconds(time.nanoseconds))
        }
    }

    private func transmit(_ bytes: [UInt8], on flow: Flow) -> Bool {
        guard case .endpoint(let remote) = flow.remote, remote.port != 0 else { return false }
        switch flow.transport {
        case .udp:
            guard let socket = datagramSocket(for: flow.local, to: remote) else { return false }
            socket.send(bytes, to: remote)
            return true
        case .tcp, .tls, .ws, .wss:
            if flow.connection != 0 { return connections[flow.connection]?.send(bytes, on: flow) ?? false }
            if let open = connectionFor[flow].flatMap({ connections[$0] }) { return open.send(bytes, on: flow) }
            // Browsers can't be called, and whom a call by TLS should reach an address does not say (RFC 5922 §4).
            guard flow.transport == .tcp || (flow.transport == .tls && flow.domain != nil && peering != nil) else {
                return false
            }
            return connect(to: remote, by: flow)?.send(bytes, on: flow) ?? false
        case .overlay:
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

    private func connect(to remote: Endpoint, by path: Flow) -> StreamConnection? {
        guard connections.count < limits.connections, openedCount < limits.openedConnections else { return nil }
        openedCount += 1
        var flow = path
        flow.connection = nextConnection()
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
                    let (transports, connection) = bound.value
                    if let domain = connection.flow.domain, let peering = transports.peering {
                        try transports.encrypt(channel, toward: domain, peering)
                    }
                    try channel.pipeline.syncOperations.addHandler(connection)
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
        for key in [key, aliasOf.removeValue(forKey: connection.flow.connection)].compactMap({ $0 })
        where connectionFor[key] == connection.flow.connection {
            connectionFor[key] = nil
        }
        if !connection.isAccepted { openedCount -= 1 }
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
        for listener in streamListeners { listener.close(promise: nil) }
        for connection in Array(connections.values) { connection.abort() }
        connections.removeAll()
        waitingToFlush.removeAll()
        receiver = nil
    }
}
