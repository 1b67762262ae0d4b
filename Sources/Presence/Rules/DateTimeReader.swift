/// Takes the parts of a dateTime off its front (XML Schema Part 2 §3.2.7.1).
struct DateTimeReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// A number of that many digits.
    mutating func digits(_ count: ClosedRange<Int>) -> Int? {
        let run = rest.prefix { Self.isDigit($0) }
        guard count.contains(run.count) else { return nil }
        rest.removeFirst(run.count)
        return run.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// The fraction of a second in nanoseconds, 0 when there is none; what is finer is dropped.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        let run = rest.prefix { Self.isDigit($0) }
        guard !run.isEmpty else { return nil }
        rest.removeFirst(run.count)
        let kept = run.prefix(9).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (0..<max(0, 9 - run.count)).reduce(kept) { value, _ in value * 10 }
    }

    /// The zone in minutes east of UTC, 0 when there is none.
    mutating func zone() -> Int? {
        if isAtEnd || take("Z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = digits(2...2), take(":"), let minutes = digits(2...2), minutes < 60,
            hours < 14 || hours == 14 && minutes == 0
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
