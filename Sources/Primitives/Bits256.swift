/// 256 bits in big-endian order: what node and resource IDs are made of.
package struct Bits256: Hashable, Comparable, Sendable {
    /// The most significant word first.
    package var words: SIMD4<UInt64>

    @inlinable package init(words: SIMD4<UInt64>) { self.words = words }

    /// - Returns: nil unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (offset, byte) in bytes.enumerated() { words[offset / 8] = words[offset / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    package var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(32)
        for word in 0..<4 {
            for byte in (0..<8).reversed() { out.append(UInt8(truncatingIfNeeded: words[word] >> UInt64(byte * 8))) }
        }
        return out
    }

    @inlinable package static func ^ (a: Bits256, b: Bits256) -> Bits256 { Bits256(words: a.words ^ b.words) }

    @inlinable package static func < (a: Bits256, b: Bits256) -> Bool {
        for word in 0..<4 where a.words[word] != b.words[word] { return a.words[word] < b.words[word] }
        return false
    }

    /// How many zero bits come before the first one; 256 when there is none.
    @inlinable package var leadingZeroBitCount: Int {
        for word in 0..<4 where words[word] != 0 { return word * 64 + words[word].leadingZeroBitCount }
        return 256
    }

    /// The number as a share of all 2²⁵⁶, to 53 bits.
    package var fraction: Double { Double(words[0]) * 0x1p-64 + Double(words[1]) * 0x1p-128 }

    /// A share of all 2²⁵⁶; the greatest number for 1 and more.
    package init(fraction: Double) {
        guard fraction < 1 else {
            self.init(words: SIMD4(repeating: .max))
            return
        }
        let scaled = max(fraction, 0) * 0x1p64
        let high = UInt64(scaled)
        self.init(words: SIMD4(high, UInt64((scaled - Double(high)) * 0x1p64), 0, 0))
    }

    /// The first 32 bits.
    @inlinable package var prefix: UInt32 { UInt32(truncatingIfNeeded: words[0] >> 32) }

    package static func random(using random: inout RandomSource) -> Bits256 {
        Bits256(words: SIMD4(random.next(), random.next(), random.next(), random.next()))
    }
}
