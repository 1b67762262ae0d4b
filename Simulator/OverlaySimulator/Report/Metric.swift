/// A figure of a run.
package struct Metric: Hashable, Sendable {
    /// Dots part what it is of, what it is, and its unit or percentile: `get.latency_ms.p50`.
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}
