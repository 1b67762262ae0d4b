/// An IPv4 or IPv6 address as 128 bits; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so the two never differ.
@usableFromInline package struct IPAddress: Hashable, Comparable, Sendable {
    @usableFromInline package var high: UInt64
    @usableFromInline package var low: UInt64

    @inlinable package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The IPv4 address whose 32 bits these are, most significant first: `0x7F00_0001` is 127.0.0.1.
    @inlinable package init(v4 value: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(value)
    }

    package static let loopback = IPAddress(v4: 0x7F00_0001)
    package static let any = IPAddress(v4: 0)

    @inlinable package var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The 32 bits of an IPv4 address; nil for IPv6.
    @inlinable package var v4: UInt32? { isV4 ? UInt32(truncatingIfNeeded: low) : nil }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool { v4.map { $0 >> 24 == 127 } ?? (high == 0 && low == 1) }

    /// 0.0.0.0 or ::, which mean "every address of this machine".
    package var isUnspecified: Bool { v4 == 0 || (high == 0 && low == 0) }

    @inlinable package static func < (a: IPAddress, b: IPAddress) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }
}
