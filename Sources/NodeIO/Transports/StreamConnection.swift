import NIOCore
import Primitives
import SIPMessages
import SIPStack

/// One connection, accepted or opened, plain, by TLS or by WebSocket. Lives on the event loop of its ``SIPTransports``.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum State {
        /// Being opened; what is to be sent waits here, with the flow by which its sender knows it.
        case connecting(waiting: [(bytes: [UInt8], flow: Flow)], count: Int)
        case open(any Channel)
        /// What is left is being sent; nothing more is read or taken.
        case closing(any Channel)
        case closed
    }

    private(set) var flow: Flow
    let isAccepted: Bool
    private let transports: SIPTransports
    private let limits: TransportLimits
    private var state: State
    /// nil where what is read comes as whole messages already.
    private var framer: StreamFramer?
    /// When the state of the connection last got better: opened, a whole message in, bytes out, close begun.
    private(set) var lastActivity = NIODeadline.now()
    /// When something whole came in last, and how long nothing may.
    private var lastHeard = NIODeadline.now()
    private var longestSilence: TimeAmount?
    /// Since when a whole message is owed: the first one of a connection that was accepted, or the rest of one begun.
    /// Neither keep-alives nor what is sent meanwhile give more time.
    private var owedSince: NIODeadline?
    /// The borders between messages are lost: nothing more is read.
    private var isDeaf = false
    private var needsFlush = false

    /// - Parameter channel: nil for a connection that is being opened.
    init(flow: Flow, channel: (any Channel)?, isAccepted: Bool, transports: SIPTransports) {
        self.flow = flow
        self.isAccepted = isAccepted
        self.transports = transports
        limits = transports.limits
        framer = flow.transport.isStream ? StreamFramer() : nil
        if isAccepted { owedSince = .now() }
        state = channel.map { .open($0) } ?? .connecting(waiting: [], count: 0)
        if let channel { endWith(channel) }
    }

    /// The connection has ended when its channel is closed, at whatever stage of its handshakes.
    private func endWith(_ channel: any Channel) {
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in
            state = .closed
            transports.connectionEnded(self)
        }
    }

    var remote: Endpoint? { if case .endpoint(let endpoint) = flow.remote { endpoint } else { nil } }

    /// The peer has proved to be a domain, before anything was read.
    func authenticated(as domain: String) { flow.domain = domain }

    // MARK: sending

    /// Takes bytes to send.
    ///
    /// - Returns: false when they can't be: the connection is closing, or too much waits already (a slow reader,
    ///   whose connection is closed).
    func send(_ bytes: [UInt8], on flow: Flow) -> Bool {
        switch state {
        case .connecting(var waiting, let count):
            guard count + bytes.count <= limits.waitingBytes else { return false }
            waiting.append((bytes, flow))
            state = .connecting(waiting: waiting, count: count + bytes.count)
        case .open(let channel):
            guard channel.isWritable else {
                abort()
                return false
            }
            write(bytes, to: channel)
        case .closing, .closed:
            return false
        }
        return true
    }

    private func write(_ bytes: [UInt8], to channel: any Channel) {
        channel.write(ByteBuffer(bytes: bytes), promise: nil)
        lastActivity = .now()
        if !needsFlush {
            needsFlush = true
            transports.needsFlush(self)
        }
    }

    /// Lets go what was written since the last time.
    func flush() {
        needsFlush = false
        switch state {
        case .open(let channel), .closing(let channel): channel.flush()
        case .connecting, .closed: break
        }
    }

    // MARK: opening and closing

    /// The attempt to connect succeeded.
    func opened(_ channel: any Channel) {
        guard case .connecting(let waiting, _) = state else {
            channel.close(promise: nil)
            return
        }
        state = .open(channel)
        endWith(channel)
        for (bytes, _) in waiting { write(bytes, to: channel) }
    }

    /// The attempt to connect failed, or is given up.
    ///
    /// - Returns: the flow of each message that waited.
    func failedToOpen() -> [Flow] {
        guard case .connecting(let waiting, _) = state else { return [] }
        state = .closed
        return waiting.map(\.flow)
    }

    /// Closes once what was written has been sent.
    func close() {
        switch state {
        case .open(let channel):
            state = .closing(channel)
            lastActivity = .now()
            channel.write(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
            if !needsFlush {
                needsFlush = true
                transports.needsFlush(self)
            }
        case .connecting: transports.connectionEnded(self)
        case .closing, .closed: break
        }
    }

    /// From now on ends when nothing has come in for so long.
    func limitSilence(to time: TimeAmount) { longestSilence = time }

    /// Closes at once.
    func abort() {
        switch state {
        case .open(let channel), .closing(let channel): channel.close(promise: nil)
        case .connecting: transports.connectionEnded(self)
        case .closed: break
        }
    }

    /// Whether the connection has used up one of the times it is granted.
    func isOverdue(at now: NIODeadline) -> Bool {
        let age = now - lastActivity
        switch state {
        case .connecting: return false
        case .open:
            if isDeaf { return age > limits.closeTime }
            if let longestSilence, now - lastHeard > longestSilence { return true }
            if let owedSince, now - owedSince > limits.messageTime { return true }
            return age > limits.idleTime
        case .closing: return age > limits.closeTime
        case .closed: return false
        }
    }

    // MARK: receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open(let channel) = state, !isDeaf else { return }
        let bytes = unwrapInboundIn(data).readableBytesView
        guard framer != nil else {
            readMessage(Array(bytes), from: channel)
            return
        }
        framer?.append(bytes)
        do throws(SIPParseError) {
            while case .open = state, let element = try framer?.next() { take(element, from: channel) }
            if framer?.pendingByteCount ?? 0 > 0 { owe() }
        } catch {
            // The core answers, where the start of the message says to whom, and has the connection closed.
            isDeaf = true
            lastActivity = .now()
            transports.received(.framingFailed(error.message?.bytes ?? [], on: flow, error))
        }
    }

    /// A message has begun whose end is not there yet.
    private func owe() {
        if owedSince == nil { owedSince = .now() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is WebSocketMessages.MessageBegun { owe() }
        context.fireUserInboundEventTriggered(event)
    }

    private func take(_ element: StreamFramer.Element, from channel: any Channel) {
        lastActivity = .now()
        lastHeard = lastActivity
        switch element {
        case .message(let bytes):
            owedSince = nil
            transports.received(.received(bytes, on: flow))
        case .ping:
            // RFC 5626 §4.4.1: a double CRLF is answered with a single one.
            write([13, 10], to: channel)
        case .pong:
            break
        }
    }

    /// RFC 7118 §5, §6: a message stands alone in what the transport delivers, and so does a keep-alive.
    private func readMessage(_ bytes: [UInt8], from channel: any Channel) {
        switch bytes {
        case [13, 10, 13, 10]: take(.ping, from: channel)
        case [], [13, 10]: take(.pong, from: channel)
        default: take(.message(bytes), from: channel)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { transports.burstEnded() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
