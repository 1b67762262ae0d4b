import Primitives

/// Nodes that die at once, without a word and for good.
package struct DeathPlan: Sendable {
    /// From the start of the measured part.
    package var at: Interval
    /// Of the nodes, 0 to 1.
    package var share: Double

    package init(at: Interval, share: Double) {
        self.at = at
        self.share = share
    }
}
