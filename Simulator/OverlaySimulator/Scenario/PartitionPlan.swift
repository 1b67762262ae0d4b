import Primitives

/// Two parts of the network that can't reach each other for a time.
package struct PartitionPlan: Sendable {
    /// From the start of the measured part.
    package var at: Interval
    /// How long it lasts.
    package var lasting: Interval
    /// Of the nodes, those on the one side, 0 to 1.
    package var share: Double

    package init(at: Interval, lasting: Interval, share: Double) {
        self.at = at
        self.lasting = lasting
        self.share = share
    }
}
