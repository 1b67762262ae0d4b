import Identity
import Primitives

@testable import Kademlia

/// A domain with users who sign records.
struct TestDomain {
    var random: RandomSource
    let identity: DomainIdentity

    static let epoch = Instant(secondsSince1970: 1_800_000_000)

    init(seed: UInt64) {
        random = RandomSource(seed: seed)
        let signing = SigningKeyPair(random: &random)
        identity = DomainIdentity(
            name: "example.org", signing: signing, memberKey: SymmetricKey(random: &random))
    }

    func user(_ name: String, certificateEnds: Instant = epoch + .hours(2_000)) -> TestUser {
        let seed = Hash.blake2b256(Array(name.utf8), identity.publicKey.bytes).bytes
        let user = UserIdentity(seed: seed)
        let certificate = identity.certify(
            name, signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 1,
            notAfter: certificateEnds)!
        return TestUser(identity: user, certificate: certificate)
    }
}

struct TestUser {
    let identity: UserIdentity
    let certificate: UserCertificate

    var name: String { certificate.aor.user }

    func presence(
        _ text: String, sequence: Int64 = 1, node: UInt8 = 1, lasts: Interval = .hours(1),
        from start: Instant = TestDomain.epoch
    ) -> Record {
        Record(
            kind: .presence, domain: certificate.domainKey, name: name, key: [UInt8](repeating: node, count: 32),
            sequence: sequence, notAfter: start + lasts, value: Array(text.utf8), authority: .user(certificate),
            signingWith: identity.signing)
    }

    func document(
        path: String, _ value: [UInt8], sequence: Int64 = 1, lasts: Interval = .hours(24)
    ) -> Record {
        Record(
            kind: .document, domain: certificate.domainKey, name: name, key: Array(path.utf8), sequence: sequence,
            notAfter: TestDomain.epoch + lasts, value: value, authority: .user(certificate),
            signingWith: identity.signing)
    }

    func mail(to other: TestUser, _ number: UInt8, key: [UInt8]? = nil) -> Record {
        Record(
            kind: .mailbox, domain: other.certificate.domainKey, name: other.name,
            key: key ?? certificate.signingKey.bytes + [number], sequence: 1,
            notAfter: TestDomain.epoch + .hours(24), value: [number], authority: .user(certificate),
            signingWith: identity.signing)
    }
}
