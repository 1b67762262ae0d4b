import Primitives

extension ValueForm where Value == Interval {
    /// The units, the longest first.
    private static var units: [(name: String, nanoseconds: Int64)] {
        [("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)]
    }

    /// A length of time with its unit.
    static func duration(_ range: ClosedRange<Interval>) -> Self {
        let summary = "a duration, \(written(range.lowerBound)) to \(written(range.upperBound))"
        return ValueForm(summary, example: "150ms, 30s, 5min or 2h") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let interval = interval(text) else {
                throw ValueProblem(value, isNot: "a duration")
            }
            guard range.contains(interval) else { throw ValueProblem(value, "\(text) is out of range") }
            return interval
        } write: {
            written($0)
        }
    }

    /// nil for what is not a number with a unit.
    private static func interval(_ text: String) -> Interval? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let name = text[digits.endIndex...].drop { $0 == " " }
        guard let number = DecimalText.number(digits), let unit = units.first(where: { $0.name == name }) else {
            return nil
        }
        return DecimalText.interval(number, of: unit.nanoseconds)
    }

    /// In the longest unit of which it is a whole number.
    private static func written(_ interval: Interval) -> String {
        guard interval != .zero else { return "0s" }
        for unit in units where interval.nanoseconds % unit.nanoseconds == 0 {
            return "\(interval.nanoseconds / unit.nanoseconds)\(unit.name)"
        }
        return "\(DecimalText.written(interval.inMilliseconds))ms"
    }
}
