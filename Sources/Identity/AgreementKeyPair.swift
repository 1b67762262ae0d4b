import CSodium
import Primitives

/// An X25519 key pair (RFC 7748). It never shows its secret.
package struct AgreementKeyPair: Sendable, CustomStringConvertible, CustomReflectable {
    package let publicKey: PublicAgreementKey
    private let secret: [UInt8]

    /// - Parameter secret: the 32 bytes of the scalar, which X25519 clamps (RFC 7748 §5).
    package init(secret: [UInt8]) {
        precondition(secret.count == 32, "an agreement key pair is made from 32 bytes")
        Sodium.start()
        var publicBytes = [UInt8](repeating: 0, count: 32)
        crypto_scalarmult_curve25519_base(&publicBytes, secret)
        publicKey = PublicAgreementKey(publicBytes)!
        self.secret = secret
    }

    /// A fresh pair; the source must be keyed with unpredictable bytes.
    package init(random: inout RandomSource) { self.init(secret: random.bytes(32)) }

    /// The raw X25519 output, to be hashed together with what it was agreed for before it is used as a key; nil when
    /// the other key has a small order, so that it would be known to everybody (RFC 7748 §6.1).
    package func sharedSecret(with other: PublicAgreementKey) -> [UInt8]? {
        var out = [UInt8](repeating: 0, count: 32)
        return crypto_scalarmult_curve25519(&out, secret, other.bytes) == 0 ? out : nil
    }

    /// Hands the scalar to libsodium's box functions.
    func withSecret<Result>(_ body: ([UInt8]) -> Result) -> Result { body(secret) }

    package var description: String { "key pair of \(publicKey)" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
