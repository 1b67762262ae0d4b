import NIOCore
import NIOWebSocket
import SIPMessages

/// Turns the frames of a WebSocket connection into whole messages and back, and keeps it alive (RFC 6455 §5).
///
/// RFC 7118 §5: a WebSocket message is exactly one SIP message, so nothing needs its Content-Length.
final class WebSocketMessages: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    /// Told the handler behind this one when a message begins whose other frames are still to come.
    struct MessageBegun {}

    /// What came so far of a message in several frames.
    private var fragments: ByteBuffer?
    private var isClosing = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !isClosing else { return }
        // RFC 6455 §5.1: a client masks every frame, and a server closes the connection of one that does not.
        guard frame.maskKey != nil else {
            close(context, .protocolError)
            return
        }
        switch frame.opcode {
        case .text, .binary:
            // RFC 6455 §5.4: a message begins only after the one before it has ended.
            guard fragments == nil else {
                close(context, .protocolError)
                return
            }
            take(frame, behind: nil, context)
        case .continuation:
            guard let begun = fragments else {
                close(context, .protocolError)
                return
            }
            take(frame, behind: begun, context)
        case .ping:
            // RFC 6455 §5.5.3: a pong says what the ping said.
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            close(context, .normalClosure)
        default:
            break
        }
    }

    private func take(_ frame: WebSocketFrame, behind begun: ByteBuffer?, _ context: ChannelHandlerContext) {
        var data = frame.unmaskedData
        guard (begun?.readableBytes ?? 0) + data.readableBytes <= MessageLimits.total else {
            close(context, .messageTooLarge)
            return
        }
        if var begun {
            fragments = nil
            begun.writeBuffer(&data)
            data = begun
        }
        if frame.fin {
            context.fireChannelRead(wrapInboundOut(data))
        } else {
            fragments = data
            context.fireUserInboundEventTriggered(MessageBegun())
        }
    }

    /// Says why, and closes (RFC 6455 §7.1.2): the server is the one that closes the TCP connection.
    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        isClosing = true
        fragments = nil
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(Self.closeFrame(code, context))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    private static func closeFrame(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) -> WebSocketFrame {
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        // The empty write with which a connection waits for its last bytes ends it (RFC 6455 §5.5.1).
        guard bytes.readableBytes > 0, !isClosing else {
            isClosing = true
            context.write(wrapOutboundOut(Self.closeFrame(.normalClosure, context)), promise: promise)
            return
        }
        // RFC 6455 §5.6: text is UTF-8. SIP is, but for bodies and what is left as it came (RFC 3261 §7).
        let isText = String(validating: bytes.readableBytesView, as: UTF8.self) != nil
        let frame = WebSocketFrame(fin: true, opcode: isText ? .text : .binary, data: bytes)
        context.write(wrapOutboundOut(frame), promise: promise)
    }
}
