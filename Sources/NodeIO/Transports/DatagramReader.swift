import NIOCore
import Primitives

/// Hands the datagrams of a channel on as plain bytes, and says when a burst of them has ended.
package final class DatagramReader: ChannelInboundHandler {
    package typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let received: ([UInt8], Endpoint) -> Void
    private let burstEnded: () -> Void
    private let failed: (any Error) -> Void

    /// - Parameters:
    ///   - received: a datagram and where it came from.
    ///   - burstEnded: all that was waiting in the socket has been handed on.
    ///   - failed: the socket is broken and closed.
    package init(
        received: @escaping ([UInt8], Endpoint) -> Void, burstEnded: @escaping () -> Void,
        failed: @escaping (any Error) -> Void
    ) {
        self.received = received
        self.burstEnded = burstEnded
        self.failed = failed
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = Endpoint(envelope.remoteAddress), source.port != 0 else { return }
        received(Array(envelope.data.readableBytesView), source)
    }

    package func channelReadComplete(context: ChannelHandlerContext) { burstEnded() }

    /// Errors of a single datagram (an ICMP message that came back) leave the channel open; others close it.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !context.channel.isActive { failed(error) }
    }
}
