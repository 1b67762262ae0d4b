import Primitives

/// How a rate goes up and down over a day.
package struct DailyCurve: Sendable {
    private let factors: [Double]
    private let most: Double
    private static let hour = 3.6e12
    private static let hours = 24

    /// - Parameter factors: one for each of 24 hours, whose mean is 1, as it is in the middle of the hour; empty for
    ///   the same rate all day.
    package init(factors: [Double] = []) {
        precondition(factors.isEmpty || factors.count == Self.hours, "a day has 24 hours")
        precondition(factors.allSatisfy { $0 >= 0 }, "a rate is not negative")
        self.factors = factors
        most = factors.max() ?? 1
    }

    /// What the rate is multiplied by at a time of day; a time beyond a day is taken modulo one.
    ///
    /// Between the middles of two hours it goes in a straight line, so its mean over the day is that of the factors.
    package func factor(at timeOfDay: Interval) -> Double {
        guard !factors.isEmpty else { return 1 }
        let day = Interval.hours(Self.hours).nanoseconds
        let time = (timeOfDay.nanoseconds % day + day) % day
        let place = Double(time) / Self.hour + Double(Self.hours) - 0.5
        let whole = Int(place)
        let before = factors[whole % Self.hours]
        let after = factors[(whole + 1) % Self.hours]
        return before + (after - before) * (place - Double(whole))
    }

    /// How long until the next of events that come at random, `perHour` of them on the average of the day.
    ///
    /// By thinning: events are drawn at the day's highest rate, and each counts with the share that the rate at its
    /// time has of that.
    /// - Returns: nil when none will come.
    package func gap(
        perHour: Double, after timeOfDay: Interval, using random: inout RandomSource
    ) -> Interval? {
        guard perHour > 0, most > 0 else { return nil }
        let mean = Self.hour / (perHour * most)
        var gap = Interval.zero
        while true {
            gap = gap + Interval(nanoseconds: 1) * (mean * random.exponential())
            // Without a curve no second number is drawn.
            if factors.isEmpty || random.unit() * most < factor(at: timeOfDay + gap) { return gap }
            if gap.nanoseconds == .max { return nil }
        }
    }
}
