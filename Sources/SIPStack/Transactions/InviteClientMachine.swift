import Primitives

/// The INVITE client transaction's states and timers: RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2.
package struct InviteClientMachine: Sendable {
    /// Named as the RFC names them.
    package enum State: Hashable, Sendable { case calling, proceeding, completed, accepted, terminated }

    /// What happens to the transaction.
    package enum Event: Hashable, Sendable {
        /// The first transmission.
        case start
        /// A response with a status of this value came.
        case response(Int)
        /// The transport can't deliver the request.
        case transportFailed
        /// The user gave the call up and a CANCEL has left.
        case cancelled
        case wake
    }

    /// What the transaction layer is to do, in this order.
    package enum Output: Hashable, Sendable {
        case sendRequest, sendACK, passResponse
        /// No final response came in time: 408 to the user.
        case timedOut
        /// The request could not be delivered: 503 to the user.
        case failed
        case terminated
    }

    package private(set) var state = State.calling
    private let timers: TransactionTimers
    private let isReliable: Bool
    /// Timer A, and the interval that it will double to.
    private var retransmission: Instant?
    private var interval: Interval
    /// Timer B, D or M, whichever belongs to the state; in Proceeding the time-out after a CANCEL.
    private var end: Instant?

    package init(isReliable: Bool, timers: TransactionTimers) {
        self.isReliable = isReliable
        self.timers = timers
        interval = timers.t1
    }

    /// When `wake` is due; nil when no timer runs.
    package var nextDeadline: Instant? {
        guard let retransmission else { return end }
        guard let end else { return retransmission }
        return min(retransmission, end)
    }

    package mutating func handle(_ event: Event, at now: Instant, into outputs: inout [Output]) {
        switch event {
        case .start:
            // RFC 3261 §17.1.1.2: timer A starts at T1 over unreliable transports only, timer B at 64*T1 over any.
            outputs.append(.sendRequest)
            if !isReliable { retransmission = now + interval }
            end = now + timers.lifetime
        case .response(let status): respond(status, at: now, into: &outputs)
        case .transportFailed:
            // RFC 3261 §17.1.4: the user hears of it and the transaction goes at once. After a final response
            // only an ACK can have failed; RFC 6026 §7.2 keeps the state so that the 2xx still finds it.
            guard state == .calling || state == .proceeding else { return }
            outputs.append(.failed)
            terminate(into: &outputs)
        case .cancelled:
            // RFC 3261 §9.1: without a final response 64*T1 after the CANCEL the client takes the INVITE for dead.
            if state == .proceeding { end = now + timers.lifetime }
        case .wake: wake(at: now, into: &outputs)
        }
    }

    private mutating func respond(_ status: Int, at now: Instant, into outputs: inout [Output]) {
        switch (state, status) {
        case (.calling, ..<200), (.proceeding, ..<200):
            // RFC 3261 §17.1.1.2: a provisional response stops the retransmissions; from here on only the user's
            // own timer (timer C of a proxy) limits the wait.
            if state == .calling { end = nil }
            state = .proceeding
            retransmission = nil
            outputs.append(.passResponse)
        case (.calling, 200..<300), (.proceeding, 200..<300):
            // RFC 6026 §7.2: a 2xx goes up and the transaction waits 64*T1 (timer M) for more of them.
            state = .accepted
            retransmission = nil
            end = now + timers.lifetime
            outputs.append(.passResponse)
        case (.accepted, 200..<300): outputs.append(.passResponse)
        case (.calling, 300...), (.proceeding, 300...):
            // RFC 3261 §17.1.1.2: any other final response goes up and is acknowledged here; timer D then
            // absorbs its retransmissions, for no time at all over a reliable transport.
            outputs.append(.passResponse)
            outputs.append(.sendACK)
            state = .completed
            retransmission = nil
            if isReliable { terminate(into: &outputs) } else { end = now + timers.linger }
        case (.completed, 300...): outputs.append(.sendACK)
        default: break
        }
    }

    private mutating func wake(at now: Instant, into outputs: inout [Output]) {
        if let end, end <= now {
            // Timer B (408 to the user, RFC 3261 §17.1.1.2), D or M (the end of a finished transaction).
            if state == .calling || state == .proceeding { outputs.append(.timedOut) }
            terminate(into: &outputs)
        } else if let due = retransmission, due <= now {
            // RFC 3261 §17.1.1.2: timer A doubles at each firing.
            outputs.append(.sendRequest)
            interval = interval * 2
            retransmission = now + interval
        }
    }

    private mutating func terminate(into outputs: inout [Output]) {
        state = .terminated
        retransmission = nil
        end = nil
        outputs.append(.terminated)
    }
}
