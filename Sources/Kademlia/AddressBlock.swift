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
}
