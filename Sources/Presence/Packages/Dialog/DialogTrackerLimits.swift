import Primitives

/// The bounds of what a tracker remembers, in number and in time.
package struct DialogTrackerLimits: Sendable {
    /// Calls in all. Further ones are not tracked: a flood of INVITEs costs the lamps of the calls that it comes with,
    /// and none that are lit.
    package var maximumCalls = 50_000
    /// Calls of each user, those that ended lately included. A further one makes the one that ended first be forgotten,
    /// or is not tracked for that user.
    package var maximumCallsPerUser = 32
    /// Bytes of what is kept of one INVITE.
    package var maximumCallSize = 4_096
    /// How long an INVITE may be without word from the callee. A proxy cancels one after 181 s without a provisional
    /// response (RFC 3261 §16.6 step 11, timer C), and what is not answered 32 s later is over.
    package var ringingTime = Interval.seconds(240)
    /// How long after a 2xx another may come (RFC 3261 §13.2.2.4: 64 times T1).
    package var forkTime = Interval.seconds(32)
    /// How long after the end of a session's time its BYE may still be on the way.
    package var sessionGrace = Interval.seconds(32)
    /// How long a call without a session timer is believed to last: a lamp that nobody puts out goes out then.
    package var maximumCallTime = Interval.hours(12)
    /// The same after a restart. The BYE may have passed while nobody was there to see it; few calls last so long anyway, and
    /// a lamp that goes out too soon in a long call misleads less than one that is lit until the evening.
    package var restoredCallTime = Interval.hours(1)
    /// How long a call is remembered that has ended, so that messages which come late don't bring it back.
    package var endedTime = Interval.seconds(64)

    package init() {}
}
