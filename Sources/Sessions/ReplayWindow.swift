/// Which numbers were seen of a sequence that arrives out of order: a ring of bits (RFC 6479).
struct ReplayWindow: Sendable {
    private static let words = 32
    /// How far behind the highest number one may be and still be told from a repetition.
    static let length = UInt64((words - 1) * 64)

    private var bits = [UInt64](repeating: 0, count: words)
    /// One more than the highest number seen.
    private(set) var end: UInt64 = 0

    /// Whether the number was seen, or is too far behind to know. The highest of all is never accepted.
    func contains(_ number: UInt64) -> Bool {
        if number >= end { return number == .max }
        if end - number > Self.length { return true }
        return bits[Int(number / 64) % Self.words] & (1 << (number % 64)) != 0
    }

    /// - Returns: false when ``contains(_:)`` the number already.
    mutating func insert(_ number: UInt64) -> Bool {
        guard !contains(number) else { return false }
        if number >= end {
            let last = end == 0 ? 0 : (end - 1) / 64
            let steps = min(number / 64 - last, UInt64(Self.words))
            for step in 0..<steps { bits[Int((last + 1 + step) % UInt64(Self.words))] = 0 }
            end = number + 1
        }
        bits[Int(number / 64 % UInt64(Self.words))] |= 1 << (number % 64)
        return true
    }
}
