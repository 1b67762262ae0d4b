import Primitives

/// Numbers that look random and are the same whenever they are asked for: what would otherwise be a table.
package struct KeyedHash: Sendable {
    private let key: UInt64

    package init(random: inout RandomSource) { key = random.next() }

    /// 64 bits for `value` under this key: SplitMix64's finish, twice, with the key between.
    @inline(__always)
    package func bits(_ value: UInt64) -> UInt64 {
        Self.mixed(Self.mixed(value &+ 0x9E37_79B9_7F4A_7C15) ^ key)
    }

    /// Uniform in `0..<1`.
    @inline(__always)
    package func unit(_ value: UInt64) -> Double { Double(bits(value) >> 11) * 0x1p-53 }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
