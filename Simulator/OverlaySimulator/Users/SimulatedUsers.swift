import Identity
import Kademlia
import Primitives

/// The users of a simulation, all of one domain: their records are truly signed, and truly verified.
///
/// User `u` is called after the number, so that nothing needs to be kept of a million of them. They share some key
/// pairs: what a signature costs does not depend on whose it is.
struct SimulatedUsers: Sendable {
    let count: Int
    private let domain: DomainIdentity
    private let identities: [UserIdentity]

    private static let mostIdentities = 64

    init(random: RandomSource, count: Int) {
        var random = random
        self.count = count
        let signing = SigningKeyPair(random: &random)
        domain = DomainIdentity(name: "example.org", signing: signing, memberKey: SymmetricKey(random: &random))
        var identities: [UserIdentity] = []
        for _ in 0..<min(max(count, 1), Self.mostIdentities) { identities.append(UserIdentity(random: &random)) }
        self.identities = identities
    }

    var domainKey: PublicSigningKey { domain.publicKey }

    func name(ofUser number: Int) -> String { "user\(number)" }

    func resource(_ kind: RecordKind, ofUser number: Int) -> ResourceID {
        ResourceID(kind: kind.rawValue, domain: domainKey, name: name(ofUser: number))
    }

    /// The number of the user whose name a record bears; nil for a name that is none of theirs.
    func user(of record: Record) -> Int? { Int(record.name.dropFirst(4)) }

    /// Which user a resource belongs to: by trying each, as a liar would who knows the domain's users.
    func user(of resource: ResourceID, _ kind: RecordKind) -> Int? {
        (0..<min(count, 64)).first { self.resource(kind, ofUser: $0) == resource }
    }

    /// Whether the record was signed by the user in whose name it stands.
    func isGenuine(_ record: Record) -> Bool {
        guard record.domain == domainKey, let number = user(of: record) else { return false }
        return record.authority.signingKey == identity(number).publicKey
    }

    /// A record of a user that tells when it was made.
    ///
    /// - Parameter bytes: of its value.
    func record(
        _ kind: RecordKind, ofUser number: Int, at node: NodeID, sequence: Int64, bytes: Int, madeAt: Instant,
        lasting lifetime: Interval
    ) -> Record {
        let user = identity(number)
        let name = name(ofUser: number)
        let certificate = domain.certify(
            name, signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 1,
            notAfter: madeAt + .hours(24 * 365))!
        var writer = ByteWriter(reserving: bytes)
        writer.instant(madeAt)
        writer.append([UInt8](repeating: 0x20, count: max(bytes - 8, 0)))
        return Record(
            kind: kind, domain: domainKey, name: name, key: node.bits.bytes, sequence: sequence,
            notAfter: madeAt + min(lifetime, kind.longestLifetime), value: writer.bytes,
            authority: .user(certificate), signingWith: user.signing, hasGenuineCertificate: true)
    }

    /// When the value of a record was made.
    static func made(_ record: Record) -> Instant? {
        var reader = ByteReader(record.value)
        return try? reader.instant()
    }

    private func identity(_ number: Int) -> UserIdentity { identities[number % identities.count] }
}
