import Primitives

/// What a node is: an Ed25519 key pair, the ID that follows from it, and the same keys in X25519 form.
package struct NodeIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    package let signing: SigningKeyPair
    package let agreement: AgreementKeyPair
    package let nodeID: NodeID

    /// - Parameter seed: exactly 32 secret bytes.
    package init(seed: [UInt8]) {
        signing = SigningKeyPair(seed: seed)
        agreement = signing.agreement
        nodeID = signing.publicKey.nodeID
    }

    package init(random: inout RandomSource) { self.init(seed: random.bytes(SigningKeyPair.seedLength)) }

    package var publicKey: PublicSigningKey { signing.publicKey }

    /// The version (1) and the seed: secret bytes, for a file that only its owner can read.
    package func encode() -> [UInt8] { SeedForm.encode(signing.seed) }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        self.init(seed: try SeedForm.decode(bytes, of: "a node identity"))
    }

    package var description: String { "node \(nodeID)" }
    package var customMirror: Mirror { Mirror(self, children: ["nodeID": nodeID]) }
}
