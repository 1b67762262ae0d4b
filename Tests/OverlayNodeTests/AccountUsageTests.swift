import Identity
import Kademlia
import OverlayNode
import Primitives
import SIPStack
import Testing

/// What an invitation may bring, and what it may not.
@Suite struct AccountUsageTests {
    private let now = Instant(secondsSince1970: 1_800_000_000)

    private func gateway(seed: UInt64, domain: String) throws -> AccountUsage {
        var random = RandomSource(seed: seed)
        var usage = AccountUsage()
        var actions: [AccountUsage.Action] = []
        try usage.createDomain(domain, random: &random, into: &actions)
        _ = try usage.addUser("alice@\(domain)", password: "secret", at: now, random: &random, into: &actions)
        return usage
    }

    @Test func aNodeThatKnowsNothingTakesUpWhatIsConsistent() throws {
        let inviting = try gateway(seed: 1, domain: "example.org")
        let membership = try #require(inviting.memberships["example.org"])
        let alice = try #require(inviting.accounts.values.first)
        let empty = AccountUsage()
        #expect(empty.fault(in: membership, nil, at: now) == nil)
        #expect(empty.fault(in: membership.withoutIdentity, alice, at: now) == nil)
        #expect(empty.fault(in: membership.withoutIdentity, nil, at: now) != nil)
        #expect(empty.fault(in: membership, alice, at: now) != nil)
        #expect(empty.fault(in: membership.withoutIdentity, alice, at: now + .hours(366 * 24)) != nil)
    }

    /// Gateways run for years: certificates are renewed with their records, and not at a restart only.
    @Test(arguments: [(20, false), (320, true)]) func certificatesAreRenewedInTime(days: Int, isRenewed: Bool) throws {
        var usage = try gateway(seed: 1, domain: "example.org")
        let before = try #require(usage.accounts.values.first)
        var actions: [AccountUsage.Action] = []
        usage.start(at: now, into: &actions)
        var records: [Record] = []
        for case .keep(let record) in actions { records.append(record) }
        let record = try #require(records.first { $0.kind == .certificate })
        let later = now + .hours(days * 24)
        actions = []
        usage.renew(record, at: later, into: &actions)
        let after = try #require(usage.accounts.values.first)
        #expect((after.certificate.notAfter > before.certificate.notAfter) == isRenewed)
        var kept: [Record] = []
        for case .keep(let record) in actions { kept.append(record) }
        #expect(Set(kept.map(\.kind)) == [.account, .certificate])
        #expect(kept.allSatisfy { $0.notAfter > later })
        let stored = try #require(kept.first { $0.kind == .certificate })
        #expect(stored.value == after.certificate.encode())
    }

    @Test func nobodyReplacesADomainThatIsKnown() throws {
        let own = try gateway(seed: 1, domain: "example.org")
        let forged = try gateway(seed: 2, domain: "example.org")
        let membership = try #require(forged.memberships["example.org"])
        let alice = try #require(forged.accounts.values.first)
        #expect(own.fault(in: membership, nil, at: now) != nil)
        #expect(own.fault(in: membership.withoutIdentity, alice, at: now) != nil)
    }

    @Test func nobodyReplacesAUserOfAGateway() throws {
        let own = try gateway(seed: 1, domain: "example.org")
        let membership = try #require(own.memberships["example.org"])
        var alice = try #require(own.accounts.values.first)
        alice.credentials = Credentials(user: "alice", realm: "example.org", password: "another")
        #expect(own.fault(in: membership.withoutIdentity, alice, at: now) != nil)
    }

    /// Accounts from before there were digests for the whole address stay readable, here and at gateways of that time.
    @Test func accountsOfBothFormatsAreRead() throws {
        let new = try #require(try gateway(seed: 1, domain: "example.org").accounts.values.first)
        #expect(new.credentials.full != nil)
        var old = new
        old.credentials.full = nil
        for (account, format) in [(new, 2), (old, 1)] {
            let bytes = account.encode()
            #expect(bytes[0] == format)
            let decoded = try Account(decoding: bytes)
            #expect(decoded.credentials == account.credentials)
            #expect(decoded.encode() == bytes)
        }
        #expect(throws: MalformedBytes.self) { try Account(decoding: [3] + new.encode().dropFirst()) }
        #expect(throws: MalformedBytes.self) { try Account(decoding: [1] + new.encode().dropFirst()) }
    }

    @Test func anAccountUnderAnotherDomainsCertificateIsRefused() throws {
        let inviting = try gateway(seed: 1, domain: "example.org")
        let other = try gateway(seed: 2, domain: "example.org")
        let membership = try #require(inviting.memberships["example.org"])
        let alice = try #require(other.accounts.values.first)
        #expect(AccountUsage().fault(in: membership.withoutIdentity, alice, at: now) != nil)
    }
}
