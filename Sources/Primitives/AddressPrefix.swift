/// A block of addresses in CIDR notation, such as 10.0.0.0/8 or 2001:db8::/32.
package struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// The length of the prefix counted in the 128 bits of an ``IPAddress``.
    private let length: Int

    /// Reads `ADDRESS/LENGTH`; an address alone is a block of one.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(first) else { return nil }
        let width = address.isV4 ? 32 : 128
        var bits = width
        if parts.count == 2 {
            // `Int` would read "+8" as well.
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]),
                (0...width).contains(given)
            else { return nil }
            bits = given
        }
        self.address = address
        length = bits + 128 - width
    }

    package func contains(_ other: IPAddress) -> Bool {
        let mask = { (bits: Int) in bits <= 0 ? UInt64(0) : bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits)) }
        return (address.high ^ other.high) & mask(length) == 0 && (address.low ^ other.low) & mask(length - 64) == 0
    }

    package var description: String { "\(address)/\(address.isV4 ? length - 96 : length)" }
}
