/// A ``Distribution`` that is complete: its values in order.
package struct SortedDistribution: Sendable {
    private let values: [Float]

    /// - Parameter values: in order.
    init(values: [Float]) { self.values = values }

    package var count: Int { values.count }

    /// 0 when there are no values. Added up in order, so that equal values have equal means.
    package var mean: Double {
        values.isEmpty ? 0 : values.reduce(0) { $0 + Double($1) } / Double(values.count)
    }

    /// 0 when there are no values.
    package var least: Double { Double(values.first ?? 0) }

    /// 0 when there are no values.
    package var most: Double { Double(values.last ?? 0) }

    /// The least value that at least `share` of all values do not exceed; 0 when there are none.
    package func percentile(_ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return Double(values[min(max(rank - 1, 0), values.count - 1)])
    }

    /// The share of values that `value` is not exceeded by: those up to it; 0 when there are none.
    package func share(upTo value: Double) -> Double {
        values.isEmpty ? 0 : Double(countOfThose(upTo: value)) / Double(values.count)
    }

    /// The cumulative distribution in so many points at most, spread evenly over the shares, with the least and the
    /// greatest value among them. Each value stands in it once, with the share that it reaches.
    package func curve(name: String, unit: String, points: Int) -> Curve {
        var curve = Curve(name: name, unit: unit, points: [])
        guard !values.isEmpty else { return curve }
        let steps = max(points, 2) - 1
        for step in 0...steps {
            let value = percentile(Double(step) / Double(steps))
            if let last = curve.points.last, last.value >= value { continue }
            curve.points.append(Curve.Point(value: value, share: share(upTo: value)))
        }
        return curve
    }

    private func countOfThose(upTo value: Double) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if Double(values[middle]) <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
