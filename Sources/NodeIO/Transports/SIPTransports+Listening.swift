import NIOCore
import NIOPosix
import NIOSSL
import Primitives
import SIPMessages
import SIPStack

extension SIPTransports {
    /// A SIP message in one datagram is at most as long as UDP allows.
    private static let datagrams = DatagramSocket.Shape(maximumSize: 65_535, vector: 16)
    /// Connections the system accepts ahead of us: a burst of phones coming back after a power cut.
    private static let backlog: CInt = 1_024

    /// Binds a listener.
    ///
    /// - Parameters:
    ///   - transport: any but the overlay, which has no listeners of its own.
    ///   - identity: what `.tls` and `.wss` need.
    /// - Returns: the address bound, which is the `local` of the flows that begin there.
    package func listen(
        _ transport: SIPTransport, at endpoint: Endpoint, identity: TLSIdentity? = nil
    ) -> EventLoopFuture<Endpoint> {
        switch transport {
        case .udp: listenForDatagrams(at: endpoint)
        case .tcp, .ws: listenForConnections(transport, at: endpoint, identity: nil)
        case .tls, .wss:
            identity.map { listenForConnections(transport, at: endpoint, identity: $0) }
                ?? eventLoop.makeFailedFuture(TransportRefusal.noCertificate(transport))
        case .overlay: eventLoop.makeFailedFuture(TransportRefusal.unsupported(transport))
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

    private func listenForConnections(
        _ transport: SIPTransport, at endpoint: Endpoint, identity: TLSIdentity?
    ) -> EventLoopFuture<Endpoint> {
        let bound = NIOLoopBound((transports: self, identity: identity), eventLoop: eventLoop)
        // The port is known only once it is bound, and nothing is accepted before that.
        let local = NIOLoopBoundBox(endpoint, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: watermark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (transports, identity) = bound.value
                    try transports.accept(channel, transport, at: local.value, identity: identity)
                }
            }
            .bind(to: endpoint.socketAddress)
            .flatMapErrorThrowing { error in
                throw SystemCallError(
                    "listen with \(transport.viaName) on", "\(endpoint)", code: (error as? IOError)?.errnoCode ?? 0)
            }
            .map { channel in
                local.value = Endpoint(channel.localAddress) ?? endpoint
                bound.value.transports.streamListeners.append(channel)
                return local.value
            }
    }

    private func accept(
        _ channel: any Channel, _ transport: SIPTransport, at local: Endpoint, identity: TLSIdentity?
    ) throws {
        guard !isClosed, let remote = Endpoint(channel.remoteAddress), connections.count < limits.connections,
            acceptedFrom[remote.address, default: 0] < limits.connectionsFromOneAddress
        else { throw TransportRefusal.tooManyConnections }
        acceptedFrom[remote.address, default: 0] += 1
        let flow = Flow(transport: transport, local: local, remote: .endpoint(remote), connection: nextConnection())
        let connection = StreamConnection(flow: flow, channel: channel, isAccepted: true, transports: self)
        add(connection)
        let pipeline = channel.pipeline.syncOperations
        if let identity { try encrypt(channel, of: connection, identity) }
        switch transport {
        case .ws, .wss: try WebSocketUpgrade.install(on: channel, for: connection)
        default: try pipeline.addHandler(connection)
        }
    }
}
