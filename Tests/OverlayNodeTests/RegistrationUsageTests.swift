import Identity
import Kademlia
import OverlayNode
import Primitives
import SIPMessages
import SIPStack
import Testing

/// When a registration record is signed, which costs more than the registration itself.
@Suite struct RegistrationUsageTests {
    private let start = Instant(secondsSince1970: 1_800_000_000)
    private let carol = AddressOfRecord("carol@example.net")!
    private let account: Account
    private var usage: RegistrationUsage

    init() {
        var random = RandomSource(seed: 1)
        let domain = SigningKeyPair(random: &random)
        let identity = UserIdentity(random: &random)
        account = Account(
            addressOfRecord: carol, identity: identity,
            certificate: UserCertificate(
                aor: carol, signingKey: identity.publicKey, agreementKey: identity.agreement.publicKey, serial: 1,
                notAfter: start + .hours(100), domain: domain),
            credentials: Credentials(user: "carol", realm: "example.net", password: "x"), sequence: 1)
        usage = RegistrationUsage(
            node: NodeIdentity(random: &random).publicKey, endpoint: Endpoint("192.0.2.1:4060")!)
    }

    /// The records that are to be kept once phones are registered at these contacts for so long from `now` on.
    private mutating func register(_ phones: [(contact: String, seconds: Int)], at now: Instant) -> [Record] {
        let bindings = phones.map { contact, seconds in
            Binding(
                aor: carol, contact: SIPURI(contact)!,
                flow: Flow(
                    transport: .udp, local: Endpoint("192.0.2.1:5060")!,
                    remote: .endpoint(Endpoint("192.0.2.9:5060")!)),
                callID: "c", cseq: 1, expires: now + .seconds(seconds))
        }
        var actions: [RegistrationUsage.Action] = []
        usage.bindingsChanged(carol, bindings, account: account, at: now, into: &actions)
        return Self.kept(actions)
    }

    private mutating func renew(_ record: Record, at now: Instant) -> [Record] {
        var actions: [RegistrationUsage.Action] = []
        usage.renew(record, account: account, at: now, into: &actions)
        return Self.kept(actions)
    }

    private static func kept(_ actions: [RegistrationUsage.Action]) -> [Record] {
        actions.compactMap { if case .keep(let record) = $0 { record } else { nil } }
    }

    @Test mutating func aRefreshIsToldByTheRenewalOfTheRecord() throws {
        let first = try #require(register([("sip:carol@192.0.2.9", 3_600)], at: start).first)
        #expect(register([("sip:carol@192.0.2.9", 3_600)], at: start + .seconds(600)).isEmpty)
        #expect(register([("sip:carol@192.0.2.9", 3_600)], at: start + .seconds(1_500)).isEmpty)
        let renewed = try #require(renew(first, at: start + .seconds(2_300)).first)
        #expect(renewed.notAfter == start + .seconds(5_100))
        #expect(renewed.sequence > first.sequence)
        #expect(try RegistrationValue(decoding: renewed.value).contacts.map(\.expires) == [start + .seconds(5_100)])
        #expect(renew(renewed, at: start + .seconds(4_000)).isEmpty, "nothing was refreshed since")
    }

    @Test mutating func withLessThanHalfOfItsTimeLeftTheRecordIsSignedAtOnce() throws {
        _ = register([("sip:carol@192.0.2.9", 3_600)], at: start)
        let second = try #require(register([("sip:carol@192.0.2.9", 3_600)], at: start + .seconds(1_801)).first)
        #expect(second.notAfter == start + .seconds(5_401))
    }

    @Test mutating func whatChangesIsSignedAtOnce() throws {
        _ = register([("sip:carol@192.0.2.9", 3_600)], at: start)
        #expect(register([("sip:carol@192.0.2.10", 3_600)], at: start + .seconds(10)).count == 1)
        let phones = [("sip:carol@192.0.2.10", 3_600), ("sip:carol@192.0.2.11", 3_600)]
        #expect(register(phones, at: start + .seconds(20)).count == 1)
        #expect(register(phones, at: start + .seconds(30)).isEmpty)
        #expect(register([phones[1]], at: start + .seconds(40)).count == 1)
        #expect(register([("sip:carol@192.0.2.11", 60)], at: start + .seconds(50)).count == 1, "a shorter time")
    }

    @Test mutating func aPhoneThatEndsBeforeTheOthersIsNotMissed() throws {
        let phones = [("sip:carol@192.0.2.9", 3_600), ("sip:carol@192.0.2.10", 120)]
        _ = register(phones, at: start)
        #expect(register(phones, at: start + .seconds(30)).count == 1)
    }
}
