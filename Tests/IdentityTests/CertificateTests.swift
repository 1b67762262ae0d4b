import Identity
import Primitives
import Testing

@Suite struct CertificateTests {
    private let domain = DomainIdentity(
        name: "Example.ORG", signing: SigningKeyPair(seed: (0x20..<0x40).map { UInt8($0) }),
        memberKey: SymmetricKey([UInt8](repeating: 9, count: 32)))
    private let user = UserIdentity(seed: (0..<32).map { UInt8($0) })
    private let notAfter = Instant(secondsSince1970: 1_800_000_000)

    private var certificate: UserCertificate {
        domain.certify(
            "alice", signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 3,
            notAfter: notAfter)!
    }

    @Test func itsBytesAreThoseOfTheDocument() throws {
        // Computed by an independent program from docs/protocol.md §2.
        let expected =
            "010005616c696365000b6578616d706c652e6f726729acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7"
            + "a303fdc2b6ebd7ea6c54a61f9ba192192488537624620006ce6b49f33fefeb502679a3ec1d50b6d9e77df8bb0f40f087e53d32cc"
            + "1cb497b1034a753a6dcc4849000000000000000318fae27693b400003ced251ee55e578df0468d534ae5738997d45797fa694daf"
            + "d26a936fb122eb84368e34405be42a363d9049b17881e19f4cd78ea7f0fd04eedf0fbccc0374d506"
        #expect(Hex.encode(certificate.encode()) == expected)
        #expect(try UserCertificate(decoding: certificate.encode()) == certificate)
        #expect(
            Hex.encode(ResourceID(kind: 3, domain: domain.publicKey, name: "alice").bits.bytes)
                == "f613e0fc923b6c16a75071214a11c4643a97720ea35458847a522c95419dd007")
    }

    @Test func itHoldsUntilItsTimeIsOver() throws {
        try certificate.verify(at: notAfter)
        #expect(throws: CertificateError.expired) {
            try certificate.verify(at: notAfter + Interval(nanoseconds: 1))
        }
    }

    @Test func anyChangedBitIsNoticed() {
        let bytes = certificate.encode()
        let now = Instant(secondsSince1970: 1)
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: (any Error).self) { try UserCertificate(decoding: changed).verify(at: now) }
        }
        for length in 0..<bytes.count {
            #expect(throws: MalformedBytes.self) { try UserCertificate(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: MalformedBytes.self) { try UserCertificate(decoding: bytes + [0]) }
    }

    @Test func aSelfCertifyingHostBelongsToItsKey() throws {
        var random = RandomSource(seed: 5)
        let own = DomainIdentity(
            selfCertifying: SigningKeyPair(random: &random), memberKey: SymmetricKey(random: &random))
        let good = try #require(
            own.certify(
                "bob", signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 1,
                notAfter: notAfter))
        try good.verify(at: notAfter)
        let squatter = UserCertificate(
            aor: good.aor, signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 2,
            notAfter: notAfter, domain: domain.signing)
        #expect(throws: CertificateError.foreignDomain) { try squatter.verify(at: notAfter) }
    }

    @Test func theLongestFitsItsBound() throws {
        let long = String(repeating: "a", count: 255)
        let certificate = UserCertificate(
            aor: AddressOfRecord(user: long, host: long)!, signingKey: user.publicKey,
            agreementKey: user.agreement.publicKey, serial: .max, notAfter: .distantFuture, domain: domain.signing)
        #expect(certificate.encode().count == UserCertificate.maximumLength)
        #expect(try UserCertificate(decoding: certificate.encode()) == certificate)
    }

    @Test func identitiesSurviveStorage() throws {
        let node = NodeIdentity(seed: [UInt8](repeating: 3, count: 32))
        #expect(try NodeIdentity(decoding: node.encode()).nodeID == node.nodeID)
        #expect(try UserIdentity(decoding: user.encode()).publicKey == user.publicKey)
        #expect(try UserIdentity(decoding: user.encode()).agreement.publicKey == user.agreement.publicKey)
        let again = try DomainIdentity(decoding: domain.encode())
        #expect(again.name == "example.org" && again.publicKey == domain.publicKey)
        #expect(again.memberKey == domain.memberKey)
        for bytes in [node.encode(), domain.encode()] {
            #expect(throws: MalformedBytes.self) { try NodeIdentity(decoding: [2] + bytes.dropFirst()) }
            #expect(throws: MalformedBytes.self) { try DomainIdentity(decoding: [2] + bytes.dropFirst()) }
            #expect(throws: MalformedBytes.self) { try DomainIdentity(decoding: Array(bytes.dropLast())) }
        }
        #expect(throws: MalformedBytes.self) { try UserIdentity(decoding: user.encode() + [0]) }
    }

    @Test func userAndNodeOfOneSeedDiffer() {
        let seed = [UInt8](repeating: 3, count: 32)
        #expect(NodeIdentity(seed: seed).publicKey != UserIdentity(seed: seed).publicKey)
        #expect(user.secret(context: "a") != user.secret(context: "b"))
    }
}
