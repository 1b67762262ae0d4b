import Primitives

/// The client transaction of every method but INVITE: RFC 3261 §17.1.2.
package struct NonInviteClientMachine: Sendable {
    /// Named as the RFC names them.
    package enum State: Hashable, Sendable { case trying, proceeding, completed, terminated }

    /// What happens to the transaction.
    package enum Event: Hashable, Sendable {
        case start
        case response(Int)
        case transportFailed
        case wake
    }

    /// What the transaction layer is to do, in this order.
    package enum Output: Hashable, Sendable {
        case sendRequest, passResponse
        /// No final response came in time: 408 to the user.
        case timedOut
        /// The request could not be delivered: 503 to the user.
        case failed
        case terminated
    }

    package private(set) var state = State.trying
    private let timers: TransactionTimers
    private let isReliable: Bool
    /// Timer E, and the interval at which it fired last.
    private var retransmission: Instant?
    private var interval: Interval
    /// Timer F, then K.
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
            // RFC 3261 §17.1.2.2: timer F at 64*T1 over any transport, timer E at T1 over unreliable ones.
            outputs.append(.sendRequest)
            if !isReliable { retransmission = now + interval }
            end = now + timers.lifetime
        case .response(let status): respond(status, at: now, into: &outputs)
        case .transportFailed:
            guard state == .trying || state == .proceeding else { return }
            outputs.append(.failed)
            terminate(into: &outputs)
        case .wake: wake(at: now, into: &outputs)
        }
    }

    private mutating func respond(_ status: Int, at now: Instant, into outputs: inout [Output]) {
        guard state == .trying || state == .proceeding else { return }
        outputs.append(.passResponse)
        if status < 200 {
            state = .proceeding
            return
        }
        // RFC 3261 §17.1.2.2: timer K buffers further copies of the response for T4, over reliable transports not.
        state = .completed
        retransmission = nil
        if isReliable { terminate(into: &outputs) } else { end = now + timers.t4 }
    }

    private mutating func wake(at now: Instant, into outputs: inout [Output]) {
        if let end, end <= now {
            if state != .completed { outputs.append(.timedOut) }
            terminate(into: &outputs)
        } else if let due = retransmission, due <= now {
            // RFC 3261 §17.1.2.2: timer E doubles up to T2 in Trying and is T2 in Proceeding.
            outputs.append(.sendRequest)
            interval = state == .proceeding ? timers.t2 : min(interval * 2, timers.t2)
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
