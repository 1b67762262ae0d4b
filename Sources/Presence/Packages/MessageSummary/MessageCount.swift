/// How many messages of one kind a mailbox holds (RFC 3842 §3.5). Sums saturate at what a count may be at most.
package struct MessageCount: Hashable, Sendable {
    package var new: UInt32
    package var old: UInt32

    package init(new: UInt32 = 0, old: UInt32 = 0) {
        self.new = new
        self.old = old
    }

    static func + (a: MessageCount, b: MessageCount) -> MessageCount {
        MessageCount(new: sum(a.new, b.new), old: sum(a.old, b.old))
    }

    private static func sum(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }

    /// Reads `2/8`. RFC 3842 §3.5: a count over 2^32 − 1 is taken as that.
    init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let new = Self.count(parts[0]), let old = Self.count(parts[1]) else { return nil }
        self.init(new: new, old: old)
    }

    private static func count(_ text: Substring) -> UInt32? {
        let digits = String(text).trimmed
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt32(digits) ?? .max
    }
}
