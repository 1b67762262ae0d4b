import Primitives

/// What a user is: one key pair to sign with and one that others seal to, both derived from one seed.
package struct UserIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    package let signing: SigningKeyPair
    package let agreement: AgreementKeyPair
    private let seed: SymmetricKey

    /// - Parameter seed: exactly 32 secret bytes.
    package init(seed: [UInt8]) {
        self.seed = SymmetricKey(seed)
        signing = SigningKeyPair(seed: self.seed.derived(context: "starling user signing").bytes)
        agreement = AgreementKeyPair(secret: self.seed.derived(context: "starling user agreement").bytes)
    }

    package init(random: inout RandomSource) { self.init(seed: random.bytes(SymmetricKey.length)) }

    package var publicKey: PublicSigningKey { signing.publicKey }

    /// A further secret of the user, for what only the user reads; the same for the same `context`.
    package func secret(context: String) -> SymmetricKey { seed.derived(context: "starling user secret " + context) }

    /// The version (1) and the seed: secret bytes.
    package func encode() -> [UInt8] { SeedForm.encode(seed.bytes) }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        self.init(seed: try SeedForm.decode(bytes, of: "a user identity"))
    }

    package var description: String { "user \(publicKey)" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
