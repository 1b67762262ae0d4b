import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Tells whoever calls with plain HTTP what is served here, and closes the connection (RFC 9110 §15.5.22).
final class WebSocketRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var isAnswered = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        let body = ByteBuffer(
            string: "SIP is spoken here over WebSocket: connect with the subprotocol \"sip\" (RFC 7118).\n")
        let headers: HTTPHeaders = [
            "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Connection": "close",
            "Content-Type": "text/plain", "Content-Length": "\(body.readableBytes)",
        ]
        let head = HTTPResponseHead(version: request.version, status: .upgradeRequired, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A handshake without our subprotocol is reported so, and then comes here as a plain request.
        if (error as? NIOWebSocketUpgradeError) == .unsupportedWebSocketTarget { return }
        context.close(promise: nil)
    }
}
