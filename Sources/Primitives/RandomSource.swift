/// The random numbers of a core: ChaCha8 under a key of 32 bytes.
///
/// One generator serves both needs: keyed from the operating system its output is unpredictable, as tags,
/// Call-IDs and nonces must be; keyed from a scenario's seed a whole run is repeated exactly.
/// The block function is that of RFC 8439 §2.3 with eight rounds instead of twenty.
package struct RandomSource: RandomNumberGenerator, Sendable, CustomStringConvertible {
    private var key: SIMD8<UInt32>
    private var counter: UInt64 = 0
    private var block = SIMD16<UInt32>()
    /// The next unread word of `block`; 16 when it is used up.
    private var position = 16

    /// - Parameter key: exactly 32 bytes.
    package init(key bytes: [UInt8]) {
        precondition(bytes.count == 32, "a RandomSource is keyed with 32 bytes")
        key = SIMD8()
        for word in 0..<8 {
            for byte in 0..<4 {
                key[word] |= UInt32(bytes[word * 4 + byte]) << UInt32(byte * 8)
            }
        }
    }

    /// A repeatable generator, for simulations and tests only: 64 bits can be guessed.
    package init(seed: UInt64) {
        var state = seed
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for _ in 0..<4 {
            // SplitMix64 spreads a small seed over the whole key.
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: z >> UInt64(byte * 8))) }
        }
        self.init(key: bytes)
    }

    package mutating func next() -> UInt64 {
        if position == 16 { refill() }
        let low = UInt64(block[position])
        let high = UInt64(block[position + 1])
        position += 2
        return low | high << 32
    }

    /// `count` random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(count)
        while out.count < count {
            let word = next()
            for byte in 0..<Swift.min(8, count - out.count) {
                out.append(UInt8(truncatingIfNeeded: word >> UInt64(byte * 8)))
            }
        }
        return out
    }

    /// An unguessable token of `length` characters out of a–z, 2–7 (five bits each): a tag, branch or Call-ID.
    package mutating func token(_ length: Int = 16) -> String {
        String(Base32.encode(bytes((length * 5 + 7) / 8)).prefix(length))
    }

    /// Says nothing of the key: whoever knew it would know every token to come.
    package var description: String { "RandomSource" }

    /// A generator of its own for a part, keyed from this one.
    package mutating func split() -> RandomSource { RandomSource(key: bytes(32)) }

    /// Uniform in `0..<1`.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// `interval` times a factor drawn uniformly from `range`: spreads timers that would otherwise fire together.
    package mutating func jittered(_ interval: Interval, by range: ClosedRange<Double>) -> Interval {
        interval * (range.lowerBound + (range.upperBound - range.lowerBound) * unit())
    }

    private mutating func refill() {
        var input = SIMD16<UInt32>()
        input[0] = 0x6170_7865
        input[1] = 0x3320_646E
        input[2] = 0x7962_2D32
        input[3] = 0x6B20_6574
        for i in 0..<8 { input[4 + i] = key[i] }
        input[12] = UInt32(truncatingIfNeeded: counter)
        input[13] = UInt32(truncatingIfNeeded: counter >> 32)
        counter &+= 1
        var a = input.lowHalf.lowHalf
        var b = input.lowHalf.highHalf
        var c = input.highHalf.lowHalf
        var d = input.highHalf.highHalf
        for _ in 0..<4 {
            Self.rounds(&a, &b, &c, &d)
            b = SIMD4(b[1], b[2], b[3], b[0])
            c = SIMD4(c[2], c[3], c[0], c[1])
            d = SIMD4(d[3], d[0], d[1], d[2])
            Self.rounds(&a, &b, &c, &d)
            b = SIMD4(b[3], b[0], b[1], b[2])
            c = SIMD4(c[2], c[3], c[0], c[1])
            d = SIMD4(d[1], d[2], d[3], d[0])
        }
        block = SIMD16(lowHalf: SIMD8(lowHalf: a, highHalf: b), highHalf: SIMD8(lowHalf: c, highHalf: d)) &+ input
        position = 0
    }

    /// Four quarter rounds side by side (RFC 8439 §2.1).
    private static func rounds(
        _ a: inout SIMD4<UInt32>, _ b: inout SIMD4<UInt32>, _ c: inout SIMD4<UInt32>, _ d: inout SIMD4<UInt32>
    ) {
        a &+= b
        d = rotate(d ^ a, 16)
        c &+= d
        b = rotate(b ^ c, 12)
        a &+= b
        d = rotate(d ^ a, 8)
        c &+= d
        b = rotate(b ^ c, 7)
    }

    private static func rotate(_ x: SIMD4<UInt32>, _ n: UInt32) -> SIMD4<UInt32> { x &<< n | x &>> (32 - n) }
}
