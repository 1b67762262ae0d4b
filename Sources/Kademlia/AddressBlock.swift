import Primitives

/// The part of an address that one party is likely to control: a /24 of IPv4, a /48 of IPv6.
///
/// Who wants to surround a node or a key needs many addresses; limits for each block make blocks what they need.
struct AddressBlock: Hashable, Sendable {
    private let bits: UInt64
    private let isV4: Bool

    /// - Returns: nil for loopback and for addresses in `exempt`, which the limits spare.
    init?(_ address: IPAddress, exempt: [AddressPrefix]) {
        guard !address.isLoopback, !exempt.contains(where: { $0.contains(address) }) else { return nil }
        if let v4 = address.v4 {
            bits = UInt64(v4 >> 8)
            isV4 = true
        } else {
            bits = address.high >> 16
            isV4 = false
        }
    }

    /// The block in 32 bits, of which the upper and the lower half by themselves tell most blocks apart: the network
    /// that the block is part of (IPv4 /16, IPv6 /32) in the upper, the block in the lower. Never 0.
    ///
    /// Whoever finds blocks with equal marks can do no more harm than to share the room of one block among them.
    var mark: UInt32 {
        let network = Self.fold(isV4 ? bits >> 8 : bits >> 16 | 1 << 40)
        let block = Self.fold(isV4 ? bits : bits | 1 << 56)
        return UInt32(network) << 16 | UInt32(block == 0 ? 1 : block)
    }

    /// A multiplicative hash (Fibonacci's) to sixteen bits.
    private static func fold(_ value: UInt64) -> UInt16 {
        UInt16(truncatingIfNeeded: (value &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }
}
