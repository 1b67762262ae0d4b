import Primitives

/// An X25519 public key (RFC 7748): what secrets are agreed with and boxes are sealed to.
@usableFromInline package struct PublicAgreementKey: Hashable, Sendable, CustomStringConvertible {
    @usableFromInline package let bits: Bits256

    @inlinable package init(bits: Bits256) { self.bits = bits }

    /// - Returns: nil unless there are exactly 32 bytes; every 32 bytes are a key (RFC 7748 §5).
    @inlinable package init?(_ bytes: some Collection<UInt8>) {
        guard let bits = Bits256(bytes) else { return nil }
        self.bits = bits
    }

    package var bytes: [UInt8] { bits.bytes }

    @usableFromInline package var description: String { String(Base32.encode(bytes).prefix(10)) }
}
