import CSodium
import Primitives

/// An Ed25519 public key (RFC 8032): the name of a node, a user or a domain that nobody else can use.
@usableFromInline package struct PublicSigningKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the key as RFC 8032 §5.1.5 encodes it.
    @usableFromInline package let bits: Bits256

    @inlinable package init(bits: Bits256) { self.bits = bits }

    /// - Returns: nil unless there are exactly 32 bytes. Whether they are a point of the curve shows when a signature
    ///   is verified.
    @inlinable package init?(_ bytes: some Collection<UInt8>) {
        guard let bits = Bits256(bytes) else { return nil }
        self.bits = bits
    }

    package var bytes: [UInt8] { bits.bytes }

    /// The ID of the node with this key: BLAKE2b-256 of the key.
    package var nodeID: NodeID { NodeID(bits: Hash.blake2b256(bytes)) }

    /// Whether the holder of the key signed exactly these bytes (RFC 8032 §5.1.7). False as well for a key that is not
    /// a point, has a small order or is not canonical.
    package func verify(_ signature: Signature, of message: [UInt8]) -> Bool {
        Sodium.start()
        return crypto_sign_ed25519_verify_detached(signature.bytes, message, UInt64(message.count), bytes) == 0
    }

    /// The X25519 form of the key (the birational map of RFC 7748 §4.1); nil when the key is not a point of the curve
    /// or has a small order.
    package var agreementKey: PublicAgreementKey? {
        Sodium.start()
        var out = [UInt8](repeating: 0, count: 32)
        guard crypto_sign_ed25519_pk_to_curve25519(&out, bytes) == 0 else { return nil }
        return PublicAgreementKey(out)
    }

    /// The whole key in base32 (52 characters): how it is written in configuration, in DNS, and as the host of the
    /// addresses of a self-certifying domain.
    package var text: String { Base32.encode(bytes) }

    /// - Parameter text: what ``text`` gave, in either case.
    package init?(text: some StringProtocol) {
        guard let bytes = Base32.decode(text) else { return nil }
        self.init(bytes)
    }

    /// The first characters of ``text``: enough for a person to tell keys apart.
    @usableFromInline package var description: String { String(text.prefix(10)) }

    @inlinable package static func < (a: PublicSigningKey, b: PublicSigningKey) -> Bool { a.bits < b.bits }
}
