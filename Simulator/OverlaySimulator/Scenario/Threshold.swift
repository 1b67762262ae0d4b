/// A bound on one of the figures of a run (``RunReport/metrics``).
package struct Threshold: Hashable, Sendable {
    /// On which side of the bound the figure must be.
    package enum Direction: String, Hashable, Sendable {
        case atMost = "at-most"
        case atLeast = "at-least"
    }

    /// Which figure, `get.latency_ms.p50` for instance.
    package var metric: String
    package var direction: Direction
    package var bound: Double

    package init(metric: String, direction: Direction, bound: Double) {
        self.metric = metric
        self.direction = direction
        self.bound = bound
    }

    /// Whether a figure meets the bound.
    package func isMet(by value: Double) -> Bool {
        switch direction {
        case .atMost: value <= bound
        case .atLeast: value >= bound
        }
    }
}
