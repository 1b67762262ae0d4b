/// Measured values, of which percentiles are wanted: 4 bytes each.
///
/// Everything asked of it depends on the values alone, not on the order in which they came or in which parts of a run
/// were merged.
package struct Distribution: Sendable {
    private var values: [Float] = []

    package init() {}

    /// Adds a value, rounded to 24 bits; it must be a number.
    package mutating func add(_ value: Double) {
        precondition(!value.isNaN, "a measured value is a number")
        values.append(Float(value))
    }

    /// Adds all values of another one.
    package mutating func merge(_ other: Distribution) { values.append(contentsOf: other.values) }

    package var count: Int { values.count }

    /// All values in order; whoever wants more than one figure takes them from this, as each of those below sorts.
    package func sorted() -> SortedDistribution { SortedDistribution(values: values.sorted()) }

    /// 0 when there are no values.
    package var mean: Double { sorted().mean }

    /// The least value that at least `share` of all values do not exceed; 0 when there are none.
    package func percentile(_ share: Double) -> Double { sorted().percentile(share) }

    /// What ``SortedDistribution/curve(name:unit:points:)`` gives.
    package func curve(name: String, unit: String, points: Int = 200) -> Curve {
        sorted().curve(name: name, unit: unit, points: points)
    }
}
