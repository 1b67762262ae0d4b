import Foundation

/// One side of a plot: which values it spans, and where its ticks stand.
struct Axis: Equatable {
    struct Tick: Equatable {
        var value: Double
        var label: String
    }

    /// What is measured, with its unit: `latency, ms`.
    var title: String
    private(set) var low: Double
    private(set) var high: Double
    private(set) var isLogarithmic = false
    private(set) var ticks: [Tick]

    /// - Parameters:
    ///   - low: less than `high`; above zero on a logarithmic axis.
    ///   - ticks: in ascending order.
    init(title: String, low: Double, high: Double, isLogarithmic: Bool = false, ticks: [Tick]) {
        self.title = title
        self.low = low
        self.high = high
        self.isLogarithmic = isLogarithmic
        self.ticks = ticks
    }

    /// Where a value lies between the ends: 0 at the low one, 1 at the high one, and never beyond them.
    func position(of value: Double) -> Double {
        let place =
            isLogarithmic
            ? log(max(value, .leastNormalMagnitude) / low) / log(high / low) : (value - low) / (high - low)
        return min(1, max(0, place))
    }

    /// The value at a place between the ends, 0 to 1.
    func value(at position: Double) -> Double {
        isLogarithmic ? low * pow(high / low, position) : low + position * (high - low)
    }
}
