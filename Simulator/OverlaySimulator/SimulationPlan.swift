import Primitives

/// What a run does: nodes join one after another, records are stored from random nodes and then found from others.
package struct SimulationPlan: Sendable {
    package var nodes = 1_000
    package var records = 1_000
    package var seed: UInt64 = 1
    /// How many holders must have answered before a lookup ends.
    package var quorum = 2
    /// The share of messages that are lost.
    package var loss = 0.0
    /// The share of nodes that die between storing and finding, without a word.
    package var deaths = 0.0
    /// Between two nodes joining.
    package var joinGap = Interval.milliseconds(100)
    /// Between two stores or lookups.
    package var requestGap = Interval.milliseconds(20)
    /// For the overlay to settle after the last join, store or death.
    package var settling = Interval.seconds(90)

    package init() {}
}
