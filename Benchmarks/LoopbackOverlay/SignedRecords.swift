import Identity
import Kademlia
import Primitives

/// Makes the records that are stored, as nodes and users would sign them.
struct SignedRecords: Sendable {
    struct User: Sendable {
        let name: String
        let identity: UserIdentity
        let certificate: UserCertificate
    }

    static let valueBytes = 300

    private let domain: DomainIdentity
    private let notAfter: Instant
    private var random: RandomSource
    private var count = 0

    init(random: RandomSource, now: Instant) {
        self.random = random
        let signing = SigningKeyPair(random: &self.random)
        domain = DomainIdentity(
            name: "example.org", signing: signing, memberKey: SymmetricKey(random: &self.random))
        notAfter = now + .hours(12)
    }

    /// A record under a name of its own, signed by the node that stores it.
    mutating func byNode(_ node: NodeIdentity) -> Record {
        count += 1
        return Record(
            kind: .service, domain: Record.anyDomain, name: "service \(count)", key: node.nodeID.bits.bytes,
            sequence: 1, notAfter: notAfter, value: random.bytes(Self.valueBytes), authority: .node(node.publicKey),
            signingWith: node.signing)
    }

    mutating func newUser() -> User {
        count += 1
        let identity = UserIdentity(random: &random)
        let name = "user\(count)"
        let certificate = domain.certify(
            name, signingKey: identity.publicKey, agreementKey: identity.agreement.publicKey, serial: 1,
            notAfter: notAfter + .hours(24 * 365))!
        return User(name: name, identity: identity, certificate: certificate)
    }

    /// A user's presence at a node, signed by the user, whose certificate it carries.
    mutating func presence(of user: User, at node: NodeIdentity, sequence: Int64) -> Record {
        Record(
            kind: .presence, domain: domain.publicKey, name: user.name, key: node.nodeID.bits.bytes,
            sequence: sequence, notAfter: notAfter, value: random.bytes(Self.valueBytes),
            authority: .user(user.certificate), signingWith: user.identity.signing)
    }
}
