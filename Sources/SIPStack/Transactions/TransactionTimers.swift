import Primitives

/// The timer values of RFC 3261 §17 (table 4), derived from the round-trip estimate.
package struct TransactionTimers: Hashable, Sendable {
    /// T1: the estimate of the round-trip time; 500 ms unless the operator knows better (RFC 3261 §17.1.1.1).
    package var t1: Interval
    /// T2: the longest interval between retransmissions.
    package var t2: Interval
    /// T4: how long a message stays in the network.
    package var t4: Interval

    package init(
        t1: Interval = .milliseconds(500), t2: Interval = .seconds(4), t4: Interval = .seconds(5)
    ) {
        self.t1 = t1
        self.t2 = t2
        self.t4 = t4
    }

    /// Timers B, F, H, J, L and M: how long a transaction waits or lingers.
    var lifetime: Interval { t1 * 64 }
    /// Timer D: RFC 3261 §17.1.1.2 wants at least 32 s over unreliable transports.
    var linger: Interval { max(.seconds(32), lifetime) }
    /// RFC 3261 §17.2.1: an INVITE that is not answered within 200 ms gets a 100.
    var tryingAfter: Interval { .milliseconds(200) }

    /// RFC 4320 §4.1: the time after which a client's timer E has been reset to T2, when a 100 must go out.
    var nonInviteTryingAfter: Interval {
        var interval = t1
        var sum = t1
        while interval * 2 < t2 {
            interval = interval * 2
            sum = sum + interval
        }
        return sum
    }
}
