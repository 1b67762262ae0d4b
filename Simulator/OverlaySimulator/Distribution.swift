/// Measured values, of which percentiles are wanted.
package struct Distribution: Sendable {
    private var values: [Double] = []

    package init() {}

    package mutating func add(_ value: Double) { values.append(value) }

    package var count: Int { values.count }

    /// 0 when there are no values.
    package var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    /// The least value that at least `share` of all values do not exceed; 0 when there are none.
    package func percentile(_ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[min(max(rank - 1, 0), values.count - 1)]
    }
}
