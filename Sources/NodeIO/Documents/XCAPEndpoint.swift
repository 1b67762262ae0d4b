import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import OverlayNode
import Primitives

/// The HTTP server by which phones fetch and change documents (XCAP, RFC 4825). Knows nothing of documents: it passes
/// requests on and sends answers back.
package final class XCAPEndpoint: Sendable {
    /// Connections the system accepts ahead of us.
    private static let backlog: CInt = 256
    /// What goes wrong on a connection is the peer's to see; nothing of requests is ever written down.
    private static let silent = Logger(label: "xcap") { _ in SwiftLogNoOpLogHandler() }

    /// The address bound.
    package let local: Endpoint
    private let listener: any Channel
    private let connections: XCAPConnections
    private let limits: XCAPEndpointLimits

    private init(
        local: Endpoint, listener: any Channel, connections: XCAPConnections, limits: XCAPEndpointLimits
    ) {
        self.local = local
        self.listener = listener
        self.connections = connections
        self.limits = limits
    }

    /// Binds the socket and answers requests from then on.
    ///
    /// - Parameters:
    ///   - endpoint: where to listen; port 0 lets the system choose.
    ///   - certificate: with what to prove who the server is; nil for plain HTTP.
    ///   - answer: answers a request below the root; must do so in bounded time, as that of ``XCAPCalls`` is.
    /// - Throws: ``SystemCallError``, or ``ConfigurationErrors`` about the certificate.
    package static func start(
        at endpoint: Endpoint, certificate: CertificateFiles? = nil, limits: XCAPEndpointLimits = .init(),
        on eventLoop: any EventLoop, answer: @escaping @Sendable (XCAPCall) async -> XCAPAnswer
    ) async throws -> XCAPEndpoint {
        let connections = XCAPConnections(limits)
        let responder = XCAPResponder(limits: limits, connections: connections, answer: answer)
        let http = HTTP1Channel(
            responder: { try await responder.respond(to: $0, with: $1, on: $2) },
            configuration: .init(
                additionalChannelHandlers: [ExchangeDeadlines(limits)], idleTimeout: limits.idleTime,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerField, maxHeaderListSize: limits.header,
                    maxHeaderFieldCount: limits.headerFields)))
        let listener =
            if let certificate {
                try await listen(
                    at: endpoint, on: eventLoop, connections,
                    serving: TLSChannel(http, tlsConfiguration: certificate.configuration(for: .xcap)))
            } else {
                try await listen(at: endpoint, on: eventLoop, connections, serving: http)
            }
        return XCAPEndpoint(
            local: Endpoint(listener.localAddress) ?? endpoint, listener: listener, connections: connections,
            limits: limits)
    }

    private static func listen(
        at endpoint: Endpoint, on eventLoop: any EventLoop, _ connections: XCAPConnections,
        serving http: some ServerChildChannel
    ) async throws -> any Channel {
        let executor = EventLoopTaskExecutor(eventLoop)
        return try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A peer that has sent its request may close its side before the answer comes.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                guard connections.admit(channel) else {
                    return channel.eventLoop.makeFailedFuture(TransportRefusal.tooManyConnections)
                }
                return http.setup(channel: channel, logger: silent).map { connection in
                    // Ends with the connection.
                    Task(executorPreference: executor) { await http.handle(value: connection, logger: silent) }
                }
            }
            .bind(to: endpoint.socketAddress)
            .flatMapErrorThrowing { error in
                throw SystemCallError("listen with HTTP on", "\(endpoint)", code: (error as? IOError)?.errnoCode ?? 0)
            }
            .get()
    }

    /// Takes no more requests, and closes each connection once its requests under way are answered, all after the time
    /// that the limits grant.
    ///
    /// - Returns: succeeds when all is closed.
    @discardableResult package func stop() -> EventLoopFuture<Void> {
        let channels = connections.stop()
        let deadline = listener.eventLoop.scheduleTask(in: limits.stopTime) { Self.close(channels) }
        // First nobody can connect any more, then those who have are closed.
        listener.close().whenComplete { _ in
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        }
        let closed = channels.map(\.closeFuture) + [listener.closeFuture]
        return EventLoopFuture.andAllComplete(closed, on: listener.eventLoop).always { _ in deadline.cancel() }
    }

    /// Closes all at once.
    package func close() {
        listener.close(promise: nil)
        Self.close(connections.stop())
    }

    private static func close(_ channels: [any Channel]) {
        for channel in channels { channel.close(promise: nil) }
    }
}
