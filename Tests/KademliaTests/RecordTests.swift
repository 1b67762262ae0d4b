import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct RecordTests {
    let domain = TestDomain(seed: 31)
    let now = TestDomain.epoch

    private func refusal(of record: Record, at time: Instant? = nil) -> RecordRefusal? {
        var cache = VerifiedRecords()
        do throws(RecordRefusal) {
            try record.verify(at: time ?? now, cache: &cache)
            return nil
        } catch {
            return error
        }
    }

    private func record(
        _ kind: RecordKind, name: String = "alice", key: [UInt8] = [], value: [UInt8] = [1],
        lasts: Interval = .hours(1),
        isTombstone: Bool = false, by authority: Authority, _ signer: SigningKeyPair
    ) -> Record {
        Record(
            kind: kind, domain: domain.identity.publicKey, name: name, key: key, sequence: 1, notAfter: now + lasts,
            value: isTombstone ? [] : value, isTombstone: isTombstone, authority: authority, signingWith: signer)
    }

    @Test func domainAloneWritesCertificatesAndAccounts() {
        let alice = domain.user("alice")
        let own = Authority.domain(domain.identity.publicKey)
        let signer = domain.identity.signing
        let certificate = alice.certificate.encode()
        #expect(refusal(of: record(.certificate, value: certificate, by: own, signer)) == nil)
        #expect(refusal(of: record(.certificate, isTombstone: true, by: own, signer)) == nil)
        #expect(refusal(of: record(.certificate, name: "bob", value: certificate, by: own, signer)) == .unfitValue)
        #expect(refusal(of: record(.certificate, key: [1], value: certificate, by: own, signer)) == .unfitValue)
        #expect(refusal(of: record(.account, name: "accounts/07", key: [97], by: own, signer)) == nil)
        let byUser = record(.account, by: .user(alice.certificate), alice.identity.signing)
        #expect(refusal(of: byUser) == .notAllowed)
        let foreign = TestDomain(seed: 32).identity.signing
        #expect(refusal(of: record(.account, by: .domain(foreign.publicKey), foreign)) == .notAllowed)
        #expect(refusal(of: record(.account, by: own, foreign)) == .forged)
    }

    @Test func usersWriteUnderTheirOwnNameOnly() {
        let alice = domain.user("alice")
        let bob = domain.user("bob")
        let stranger = TestDomain(seed: 33).user("alice")
        let node = [UInt8](repeating: 5, count: 32)
        for kind in [RecordKind.presence, .registration, .document] {
            let own = record(kind, key: node, by: .user(alice.certificate), alice.identity.signing)
            #expect(refusal(of: own) == nil)
            let byBob = record(kind, key: node, by: .user(bob.certificate), bob.identity.signing)
            #expect(refusal(of: byBob) == .notAllowed)
            let byNamesake = record(kind, key: node, by: .user(stranger.certificate), stranger.identity.signing)
            #expect(refusal(of: byNamesake) == .notAllowed)
            let byBobAsAlice = record(kind, key: node, by: .user(alice.certificate), bob.identity.signing)
            #expect(refusal(of: byBobAsAlice) == .forged)
        }
        let noNode = record(.presence, key: [5], by: .user(alice.certificate), alice.identity.signing)
        #expect(refusal(of: noNode) == .notAllowed)
    }

    @Test func certificateOfAnotherDomainThatClaimsTheNameIsForged() throws {
        // The certificate names the domain's key but was signed with another one.
        let alice = domain.user("alice")
        let bytes = alice.certificate.encode()
        let forged = try UserCertificate(decoding: bytes.dropLast(64) + [UInt8](repeating: 7, count: 64))
        let made = record(
            .presence, key: [UInt8](repeating: 1, count: 32), by: .user(forged), alice.identity.signing)
        #expect(refusal(of: made) == .forged)
    }

    @Test func mailboxTakesFromAnybodyUnderTheirOwnKeyAndTheOwnerDeletes() {
        let alice = domain.user("alice")
        let mallory = TestDomain(seed: 34).user("mallory")
        let mail = mallory.mail(to: alice, 1)
        #expect(refusal(of: mail) == nil)
        #expect(refusal(of: mallory.mail(to: alice, 1, key: alice.certificate.signingKey.bytes)) == .notAllowed)
        let deletion = record(
            .mailbox, key: mail.key, isTombstone: true, by: .user(alice.certificate), alice.identity.signing)
        #expect(refusal(of: deletion) == nil)
        let bob = domain.user("bob")
        let foreign = record(
            .mailbox, key: mail.key, isTombstone: true, by: .user(bob.certificate), bob.identity.signing)
        #expect(refusal(of: foreign) == .notAllowed)
    }

    @Test func nodesOfferServicesUnderTheirOwnID() {
        var random = RandomSource(seed: 35)
        let node = NodeIdentity(random: &random)
        let own = record(
            .service, name: "gateway", key: node.nodeID.bits.bytes, by: .node(node.publicKey), node.signing)
        #expect(refusal(of: own) == nil)
        let other = record(
            .service, name: "gateway", key: [UInt8](repeating: 0, count: 32), by: .node(node.publicKey), node.signing)
        #expect(refusal(of: other) == .notAllowed)
    }

    @Test func timesAreChecked() {
        let alice = domain.user("alice")
        #expect(refusal(of: alice.presence("", lasts: .hours(25))) == .lastsTooLong)
        let record = alice.presence("", lasts: .hours(1))
        #expect(refusal(of: record, at: now + .hours(1)) == .expired)
        #expect(refusal(of: record, at: now + .minutes(59)) == nil)
        let shortLived = domain.user("alice", certificateEnds: now + .minutes(30)).presence("", lasts: .hours(1))
        #expect(refusal(of: shortLived, at: now + .minutes(29)) == nil)
        #expect(refusal(of: shortLived, at: now + .minutes(31)) == .expired)
    }

    @Test func newestIsTheSameInWhateverOrderRecordsCome() {
        let alice = domain.user("alice")
        let low = alice.presence("z", sequence: 1)
        let high = alice.presence("a", sequence: 2)
        let rival = alice.presence("b", sequence: 2)
        let longer = alice.presence("b", sequence: 2, lasts: .hours(2))
        let gone = low.tombstone(signingWith: alice.identity.signing)
        let ascending = [low, high, rival, longer, gone]
        for (position, record) in ascending.enumerated() {
            for other in ascending[..<position] { #expect(record.supersedes(other) && !other.supersedes(record)) }
            #expect(!record.supersedes(record))
        }
    }

    @Test func verifiedSignaturesAreRememberedWithinABound() {
        var cache = VerifiedRecords()
        var random = RandomSource(seed: 36)
        let first = Bits256.random(using: &random)
        cache.remember(first, isGenuine: false)
        #expect(cache[first] == false)
        for _ in 0..<3 * VerifiedRecords.generationSize {
            cache.remember(Bits256.random(using: &random), isGenuine: true)
        }
        #expect(cache[first] == nil)
    }
}
