import NIOCore
import OverlayNode

/// One program at the control socket, which gives commands and reads replies.
final class ControlConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let channel: any Channel
    private let server: ControlServer
    private var buffer: [UInt8] = []
    private var commands: [CommandID] = []

    init(channel: any Channel, server: ControlServer) {
        self.channel = channel
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        buffer += unwrapInboundIn(data).readableBytesView
        commands.removeAll { !server.isWaiting($0) }
        while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(buffer[..<end])
            buffer.removeSubrange(...end)
            do {
                commands.append(server.received(try ControlMessage.read(Command.self, from: line), on: self))
            } catch {
                send(.init(reply: .failed(reason: "this version of starling doesn't know the command"), isLast: true))
            }
        }
        if buffer.count > ControlMessage.maximumCommandLine { context.close(promise: nil) }
    }

    func send(_ line: ControlMessage.ReplyLine) {
        guard channel.isWritable, let bytes = try? ControlMessage.line(line) else {
            channel.close(promise: nil)
            return
        }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Closes when what was written has gone out.
    func close() {
        let channel = channel
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { server.closed(self, commands) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
