/// 256 bits in big-endian order: what node and resource IDs are made of.
@usableFromInline package struct Bits256: Hashable, Comparable, Sendable {
    /// The most significant word first.
    @usableFromInline package var words: SIMD4<UInt64>

    @inlinable package init(words: SIMD4<UInt64>) { self.words = words }

    /// - Returns: nil unless there are exactly 32 bytes.
    @inlinable package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        let isRead: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            let buffer = UnsafeRawBufferPointer(buffer)
            // Exactly 32 bytes are there, of which these are the eight at a time.
            for word in 0..<4 {
                words[word] = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
            }
        }
        if isRead == nil {
            for (offset, byte) in bytes.enumerated() { words[offset / 8] = words[offset / 8] << 8 | UInt64(byte) }
        }
        self.words = words
    }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            // Four words of eight bytes each fill the capacity.
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            for word in 0..<4 {
                buffer.storeBytes(of: words[word].bigEndian, toByteOffset: word * 8, as: UInt64.self)
            }
            count = 32
        }
    }

    @inlinable package static func ^ (a: Bits256, b: Bits256) -> Bits256 { Bits256(words: a.words ^ b.words) }

    @inlinable package static func == (a: Bits256, b: Bits256) -> Bool {
        a.words[0] == b.words[0] && a.words[1] == b.words[1] && a.words[2] == b.words[2] && a.words[3] == b.words[3]
    }

    @inlinable package func hash(into hasher: inout Hasher) {
        for word in 0..<4 { hasher.combine(words[word]) }
    }

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
