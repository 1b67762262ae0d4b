import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose peer takes too long to send a request or to fetch an answer, however steadily it trickles.
final class ExchangeDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: XCAPEndpointLimits
    private var receiving: Scheduled<Void>?
    private var sending: Scheduled<Void>?

    init(_ limits: XCAPEndpointLimits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: Self.replace(&receiving, by: close(context, in: limits.bodyTime))
        case .body: break
        case .end: Self.replace(&receiving, by: nil)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var promise = promise
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            Self.replace(&sending, by: close(context, in: limits.sendTime))
        case .head, .body: break
        case .end:
            let sent = promise ?? context.eventLoop.makePromise()
            promise = sent
            let deadline = sending
            sent.futureResult.whenComplete { _ in deadline?.cancel() }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        Self.replace(&receiving, by: nil)
        Self.replace(&sending, by: nil)
        context.fireChannelInactive()
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private static func replace(_ deadline: inout Scheduled<Void>?, by next: Scheduled<Void>?) {
        deadline?.cancel()
        deadline = next
    }
}
