import Identity
import Kademlia
import Primitives

/// The users of a simulation, all of one domain: their records are truly signed, and truly verified.
struct SimulatedUsers: Sendable {
    private let domain: DomainIdentity
    private var random: RandomSource

    init(random: RandomSource) {
        self.random = random
        let signing = SigningKeyPair(random: &self.random)
        domain = DomainIdentity(
            name: "example.org", signing: signing, memberKey: SymmetricKey(random: &self.random))
    }

    /// A presence record of a new user, as large as an encrypted document of one device.
    mutating func presence(ofUser number: Int, at node: NodeID, now: Instant) -> Record {
        let user = UserIdentity(random: &random)
        let name = "user\(number)"
        let certificate = domain.certify(
            name, signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 1,
            notAfter: now + .hours(24 * 365))!
        return Record(
            kind: .presence, domain: domain.publicKey, name: name, key: node.bits.bytes, sequence: 1,
            notAfter: now + .hours(12), value: random.bytes(400), authority: .user(certificate),
            signingWith: user.signing)
    }
}
