import NIOCore
import NIOHTTP1
import NIOWebSocket
import SIPMessages

/// The server's part of the WebSocket handshake for SIP (RFC 6455 §4.2, RFC 7118 §4).
enum WebSocketUpgrade {
    /// The subprotocol of SIP (RFC 7118 §4.1).
    private static let subprotocol = "sip"
    private static let field = "Sec-WebSocket-Protocol"

    /// Makes an accepted channel shake hands, and add `connection` behind it when that is done.
    static func install(on channel: any Channel, for connection: StreamConnection) throws {
        let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        let refusal = WebSocketRefusal()
        let boundRefusal = NIOLoopBound(refusal, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: MessageLimits.total,
            shouldUpgrade: { channel, request in
                channel.eventLoop.makeSucceededFuture(headers(for: request))
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([WebSocketMessages(), bound.value])
                }
            })
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(boundRefusal.value, promise: nil)
                }
            ))
        try channel.pipeline.syncOperations.addHandler(refusal)
    }

    /// What the answer says; nil for a client that does not speak SIP.
    ///
    /// RFC 7118 §4.1: the client names the subprotocol "sip", perhaps among others, and the server chooses it by name.
    private static func headers(for request: HTTPRequestHead) -> HTTPHeaders? {
        let offered = request.headers[canonicalForm: field]
        guard offered.contains(where: { $0.lowercased() == subprotocol }) else { return nil }
        return [field: subprotocol]
    }
}
