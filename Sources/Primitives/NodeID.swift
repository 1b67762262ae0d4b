/// The overlay's name for a node: BLAKE2b-256 of its public key. `Identity` derives it; here it is a plain value.
@usableFromInline package struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var bits: Bits256

    @inlinable package init(bits: Bits256) { self.bits = bits }

    /// The first 64 bits of what is a hash already tell nodes apart as well as all of them.
    @inlinable package func hash(into hasher: inout Hasher) { hasher.combine(bits.words[0]) }

    @inlinable package static func < (a: NodeID, b: NodeID) -> Bool { a.bits < b.bits }

    /// The whole ID in base32 (52 characters), as it stands in a host name.
    package var text: String { Base32.encode(bits.bytes) }

    /// - Parameter text: what ``text`` gave.
    package init?(text: some StringProtocol) {
        guard let bytes = Base32.decode(text), let bits = Bits256(bytes) else { return nil }
        self.bits = bits
    }

    /// The first characters of ``text``: enough for a person to tell nodes apart.
    @usableFromInline package var description: String { String(text.prefix(10)) }
}
