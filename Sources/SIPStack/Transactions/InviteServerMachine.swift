import Primitives

/// The INVITE server transaction's states and timers: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1.
package struct InviteServerMachine: Sendable {
    /// Named as the RFC names them.
    package enum State: Hashable, Sendable { case proceeding, completed, confirmed, accepted, terminated }

    /// What happens to the transaction.
    package enum Event: Hashable, Sendable {
        /// The INVITE itself.
        case start
        /// The INVITE came again.
        case retransmission
        /// The user answers with this status.
        case respond(Int)
        case ack
        case wake
    }

    /// What the transaction layer is to do, in this order.
    package enum Output: Hashable, Sendable {
        /// Sends the response that the user just gave.
        case sendResponse
        /// Sends the last response once more.
        case repeatResponse
        /// Sends a 100 of our own.
        case sendTrying
        /// The ACK is the user's business.
        case passACK
        /// No ACK came for a final response.
        case unacknowledged
        case terminated
    }

    package private(set) var state = State.proceeding
    private let timers: TransactionTimers
    private let isReliable: Bool
    /// Whether any response, ours or the user's, has been sent.
    private var hasResponded = false
    /// In Proceeding the time for a 100; in Completed timer G with the interval it fired at.
    private var repetition: Instant?
    private var interval: Interval
    /// Timer H, I or L.
    private var end: Instant?

    package init(isReliable: Bool, timers: TransactionTimers) {
        self.isReliable = isReliable
        self.timers = timers
        interval = timers.t1
    }

    /// When `wake` is due; nil when no timer runs.
    package var nextDeadline: Instant? {
        guard let repetition else { return end }
        guard let end else { return repetition }
        return min(repetition, end)
    }

    package mutating func handle(_ event: Event, at now: Instant, into outputs: inout [Output]) {
        switch event {
        case .start:
            // RFC 3261 §17.2.1: a 100 goes out unless the user answers within 200 ms.
            repetition = now + timers.tryingAfter
        case .retransmission:
            // RFC 3261 §17.2.1: Proceeding and Completed answer a retransmission with the latest response;
            // RFC 6026 §7.1: Accepted swallows it, since the user repeats its 2xx itself.
            switch state {
            case .proceeding where hasResponded, .completed: outputs.append(.repeatResponse)
            case .proceeding: sendTrying(into: &outputs)
            default: break
            }
        case .respond(let status): respond(status, at: now, into: &outputs)
        case .ack: acknowledge(at: now, into: &outputs)
        case .wake: wake(at: now, into: &outputs)
        }
    }

    private mutating func respond(_ status: Int, at now: Instant, into outputs: inout [Output]) {
        switch (state, status) {
        case (.proceeding, ..<200):
            hasResponded = true
            repetition = nil
            outputs.append(.sendResponse)
        case (.proceeding, 200..<300):
            // RFC 6026 §7.1: the 2xx leaves and timer L runs for 64*T1.
            state = .accepted
            repetition = nil
            end = now + timers.lifetime
            outputs.append(.sendResponse)
        case (.accepted, 200..<300): outputs.append(.sendResponse)
        case (.proceeding, 300...):
            // RFC 3261 §17.2.1: timer G repeats the response over unreliable transports, timer H awaits the ACK.
            state = .completed
            repetition = isReliable ? nil : now + interval
            end = now + timers.lifetime
            outputs.append(.sendResponse)
        default: break
        }
    }

    private mutating func acknowledge(at now: Instant, into outputs: inout [Output]) {
        switch state {
        case .accepted: outputs.append(.passACK)
        case .completed:
            // RFC 3261 §17.2.1: timer I absorbs further ACKs for T4, over reliable transports not at all.
            state = .confirmed
            repetition = nil
            if isReliable { terminate(into: &outputs) } else { end = now + timers.t4 }
        default: break
        }
    }

    private mutating func wake(at now: Instant, into outputs: inout [Output]) {
        if let end, end <= now {
            // Timer H: the ACK never came, and the user must know. Timers I and L end what is done.
            if state == .completed { outputs.append(.unacknowledged) }
            terminate(into: &outputs)
        } else if let due = repetition, due <= now {
            if state == .proceeding {
                sendTrying(into: &outputs)
            } else {
                // RFC 3261 §17.2.1: timer G doubles up to T2.
                outputs.append(.repeatResponse)
                interval = min(interval * 2, timers.t2)
                repetition = now + interval
            }
        }
    }

    private mutating func sendTrying(into outputs: inout [Output]) {
        hasResponded = true
        repetition = nil
        outputs.append(.sendTrying)
    }

    private mutating func terminate(into outputs: inout [Output]) {
        state = .terminated
        repetition = nil
        end = nil
        outputs.append(.terminated)
    }
}
