import Primitives

/// What a run showed. Times are milliseconds of simulated time.
package struct SimulationReport: Sendable {
    /// What lookups or stores of one sort amounted to.
    package struct Requests: Sendable {
        package var attempted = 0
        package var succeeded = 0
        /// To the first valid record, or to the last acknowledgement of a replica.
        package var latency = Distribution()
        package var hops = Distribution()
        /// Requests sent for one lookup or store; each has one answer unless it was lost.
        package var messages = Distribution()

        package var success: Double { attempted == 0 ? 0 : Double(succeeded) / Double(attempted) }
    }

    package var plan: SimulationPlan
    package var joined = 0
    package var stores = Requests()
    package var lookups = Requests()
    /// Replicas of each record right after it was stored.
    package var replicas = Distribution()
    /// Messages that arrived, wake-ups and requests.
    package var events = 0
    package var messages = 0
    package var virtualTime = Interval.zero
    package var fingerprint = Fingerprint()
}
