import Primitives

/// A number of notifications a second: one or two digits, and up to ten behind a point (RFC 6446 §9.2).
struct EventRate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// In ten thousand millionths; from 1 to just below 100 a second.
    let units: Int64

    private static let second: Int64 = 10_000_000_000
    private static let most = 100 * second - 1

    /// - Returns: nil for what the grammar does not allow, and for 0.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.allSatisfy({ $0.utf8.allSatisfy(digits.contains) }), (1...2).contains(parts[0].utf8.count),
            let whole = Int64(parts[0])
        else { return nil }
        var units = whole * Self.second
        if parts.count == 2 {
            guard (1...10).contains(parts[1].utf8.count) else { return nil }
            let padded = parts[1] + String(repeating: "0", count: 10 - parts[1].utf8.count)
            guard let fraction = Int64(padded) else { return nil }
            units += fraction
        }
        guard units > 0 else { return nil }
        self.units = units
    }

    /// Once in so long, or just a little more often.
    init(every interval: Interval) {
        let exact = Double(Self.second) / max(interval.inSeconds, 0.000_001)
        units = max(1, Int64(min(exact.rounded(.up), Double(Self.most))))
    }

    /// The time from one notification to the next.
    var interval: Interval { .seconds(1) * (Double(Self.second) / Double(units)) }

    var description: String {
        let whole = "\(units / Self.second)"
        let fraction = units % Self.second
        guard fraction > 0 else { return whole }
        var digits = String("\(fraction + Self.second)".dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    static func < (a: EventRate, b: EventRate) -> Bool { a.units < b.units }
}
