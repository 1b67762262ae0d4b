import Primitives

/// The server transaction of every method but INVITE and ACK: RFC 3261 §17.2.2 with RFC 4320 §4.
package struct NonInviteServerMachine: Sendable {
    /// Named as the RFC names them.
    package enum State: Hashable, Sendable { case trying, proceeding, completed, terminated }

    /// What happens to the transaction.
    package enum Event: Hashable, Sendable {
        case start
        case retransmission
        case respond(Int)
        case wake
    }

    /// What the transaction layer is to do, in this order.
    package enum Output: Hashable, Sendable {
        case sendResponse, repeatResponse, sendTrying
        /// The time for an answer is over and none came; none is sent any more.
        case abandoned
        case terminated
    }

    package private(set) var state = State.trying
    private let timers: TransactionTimers
    private let isReliable: Bool
    private var trying: Instant?
    /// Until the final response the end of the client's patience, then timer J.
    private var end: Instant?

    package init(isReliable: Bool, timers: TransactionTimers) {
        self.isReliable = isReliable
        self.timers = timers
    }

    /// When `wake` is due; nil when no timer runs.
    package var nextDeadline: Instant? {
        guard let trying else { return end }
        guard let end else { return trying }
        return min(trying, end)
    }

    package mutating func handle(_ event: Event, at now: Instant, into outputs: inout [Output]) {
        switch event {
        case .start:
            // RFC 4320 §4.1: a 100 must go out, but never earlier over an unreliable transport, once the client's
            // timer E has reached T2. §4.2: after the client's timer F no answer is sent at all.
            trying = now + timers.nonInviteTryingAfter
            end = now + timers.lifetime
        case .retransmission:
            // RFC 3261 §17.2.2: Trying drops retransmissions, Proceeding and Completed repeat the last response.
            if state == .proceeding || state == .completed { outputs.append(.repeatResponse) }
        case .respond(let status): respond(status, at: now, into: &outputs)
        case .wake: wake(at: now, into: &outputs)
        }
    }

    private mutating func respond(_ status: Int, at now: Instant, into outputs: inout [Output]) {
        guard state == .trying || state == .proceeding else { return }
        if status < 200 {
            // RFC 4320 §4.1: the only provisional response to these requests is the timed 100 of this machine.
            return
        }
        // RFC 3261 §17.2.2: timer J keeps the response for retransmissions 64*T1 long, over reliable transports not.
        state = .completed
        trying = nil
        outputs.append(.sendResponse)
        if isReliable { terminate(into: &outputs) } else { end = now + timers.lifetime }
    }

    private mutating func wake(at now: Instant, into outputs: inout [Output]) {
        if let end, end <= now {
            if state != .completed { outputs.append(.abandoned) }
            terminate(into: &outputs)
        } else if let due = trying, due <= now {
            trying = nil
            state = .proceeding
            outputs.append(.sendTrying)
        }
    }

    private mutating func terminate(into outputs: inout [Output]) {
        state = .terminated
        trying = nil
        end = nil
        outputs.append(.terminated)
    }
}
