/// A cumulative distribution: which share of all values is not above each of some values.
package struct Curve: Sendable {
    /// A point of the curve.
    package struct Point: Hashable, Sendable {
        package var value: Double
        /// 0 to 1.
        package var share: Double

        package init(value: Double, share: Double) {
            self.value = value
            self.share = share
        }
    }

    /// As metrics are named: `get.latency_ms`.
    package var name: String
    /// What the values count: `ms`, `hops`, `messages`.
    package var unit: String
    /// Both coordinates ascend; at most some hundreds.
    package var points: [Point]

    package init(name: String, unit: String, points: [Point]) {
        self.name = name
        self.unit = unit
        self.points = points
    }
}
