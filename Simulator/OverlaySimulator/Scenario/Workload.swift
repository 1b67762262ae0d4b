import Primitives

/// What the users of the overlay do in the measured part. Rates are for each node or user that is online.
package struct Workload: Sendable {
    /// How many buddies a user has.
    package enum Buddies: Sendable {
        case none
        /// Each user as many.
        case fixed(Int)
        /// Few have many: a power law with this mean, cut at 50 times the mean.
        case powerLaw(mean: Double, exponent: Double)
    }

    /// Users; user `u` is at home at node `u` modulo the nodes. nil is one for each node.
    package var users: Int?
    /// Bytes of a registration's value.
    package var valueBytes = 150
    /// How long a registration lasts before it is signed again.
    package var lifetime = Interval.hours(12)
    /// Lookups of a random user's registration that each node makes in an hour.
    package var lookupsPerHour = 0.0
    /// The share of lookups that ask for a user who has never been there, 0 to 1.
    package var absentShare = 0.0
    /// How many holders must answer before a lookup ends.
    package var quorum = 1
    /// Changed registrations that each user stores in an hour.
    package var storesPerHour = 0.0
    /// Whom users watch: each watches its buddies' presence.
    package var buddies = Buddies.none
    /// Presence changes of each user in an hour, on the average of a day.
    package var changesPerHour = 0.0
    /// How the changes spread over a day: a factor for each of 24 hours, whose mean is 1. Empty is evenly.
    package var daily: [Double] = []
    /// Calls of each user in an hour: a lookup of the callee, then a message to the node where the callee is.
    package var callsPerHour = 0.0

    package init() {}
}
