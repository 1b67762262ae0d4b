import CSodium
import Primitives

/// An Ed25519 key pair. It never shows its secret: neither its description nor its mirror holds the seed.
package struct SigningKeyPair: Sendable, CustomStringConvertible, CustomReflectable {
    /// How many bytes of secret a pair is made from.
    package static let seedLength = 32

    package let publicKey: PublicSigningKey
    /// Seed and public key, as libsodium signs with them.
    private let secret: [UInt8]

    /// - Parameter seed: exactly 32 secret bytes, from which the same pair always follows (RFC 8032 §5.1.5).
    package init(seed: [UInt8]) {
        precondition(seed.count == Self.seedLength, "a signing key pair is made from 32 bytes")
        Sodium.start()
        var publicBytes = [UInt8](repeating: 0, count: 32)
        var secret = [UInt8](repeating: 0, count: 64)
        crypto_sign_ed25519_seed_keypair(&publicBytes, &secret, seed)
        publicKey = PublicSigningKey(publicBytes)!
        self.secret = secret
    }

    /// A fresh pair; the source must be keyed with unpredictable bytes.
    package init(random: inout RandomSource) { self.init(seed: random.bytes(Self.seedLength)) }

    /// The secret the pair was made from, for storing it and for nothing else.
    package var seed: [UInt8] { Array(secret[..<32]) }

    /// Signs exactly these bytes. What is signed begins with words of its own purpose, so that a signature given for
    /// one thing is never one for another.
    package func sign(_ message: [UInt8]) -> Signature {
        var out = [UInt8](repeating: 0, count: Signature.length)
        crypto_sign_ed25519_detached(&out, nil, message, UInt64(message.count), secret)
        return Signature(out)!
    }

    /// The X25519 form of the pair, which agrees with what others compute from ``PublicSigningKey/agreementKey``.
    package var agreement: AgreementKeyPair {
        var out = [UInt8](repeating: 0, count: 32)
        crypto_sign_ed25519_sk_to_curve25519(&out, secret)
        return AgreementKeyPair(secret: out)
    }

    package var description: String { "key pair of \(publicKey)" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
