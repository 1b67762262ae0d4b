import Identity
import Kademlia
import OverlayNode
import Primitives
import SIPMessages
import Testing

@Suite struct PresenceUsageTests {
    private let now = Instant(secondsSince1970: 1_800_000_000)

    private func gateway() throws -> AccountUsage {
        var random = RandomSource(seed: 1)
        var usage = AccountUsage()
        var actions: [AccountUsage.Action] = []
        try usage.createDomain("example.org", random: &random, into: &actions)
        _ = try usage.addUser("alice@example.org", password: "secret", at: now, random: &random, into: &actions)
        return usage
    }

    /// Else the overlay would go on telling what has long been replaced.
    @Test func aDocumentTooLargeForARecordTakesTheOldOneAway() throws {
        let accounts = try gateway()
        let alice = try #require(accounts.accounts.values.first)
        var random = RandomSource(seed: 2)
        var usage = PresenceUsage(nodeID: NodeID(bits: .random(using: &random)))
        var actions: [PresenceUsage.Action] = []
        for (version, size) in [(1, 500), (2, RecordLimits.valueBytes)] {
            actions = []
            usage.publish(
                alice.addressOfRecord, document: [UInt8](repeating: 65, count: size), version: Int64(version),
                expires: now + .hours(1), account: alice, at: now, random: &random, into: &actions)
        }
        var withdrawn: [Int64] = []
        for case .withdraw(let record) in actions { withdrawn.append(record.sequence) }
        #expect(withdrawn == [1])
        #expect(usage.release(alice.addressOfRecord) == nil)
    }

    /// Phones refresh what they publish far more often than they change it.
    @Test func aRefreshIsStoredOnlyWhenItIsNeeded() throws {
        let accounts = try gateway()
        let alice = try #require(accounts.accounts.values.first)
        var random = RandomSource(seed: 4)
        var usage = PresenceUsage(nodeID: NodeID(bits: .random(using: &random)))
        func kept(at time: Instant, lasting: Interval) -> Record? {
            var actions: [PresenceUsage.Action] = []
            usage.publish(
                alice.addressOfRecord, document: [65], version: 7, expires: time + lasting, account: alice, at: time,
                random: &random, into: &actions)
            for case .keep(let record) in actions { return record }
            return nil
        }
        let first = try #require(kept(at: now, lasting: .hours(1)))
        #expect(first.notAfter == now + .hours(1))
        #expect(kept(at: now + .minutes(20), lasting: .hours(1)) == nil)
        // The overlay asks before the record ends, and has then all that was refreshed since.
        var actions: [PresenceUsage.Action] = []
        usage.renew(first, account: alice, at: now + .minutes(29), into: &actions)
        var renewed: [Record] = []
        for case .keep(let record) in actions { renewed.append(record) }
        #expect(renewed.map(\.notAfter) == [now + .minutes(80)])
        #expect(renewed.allSatisfy { $0.supersedes(first) && $0.hasSameContent(as: first) })
        // Who refreshes late need not wait for that.
        let last = try #require(kept(at: now + .minutes(79), lasting: .hours(1)))
        #expect(last.notAfter == now + .minutes(139) && last.sequence == 7)
    }

    @Test func aNotificationBetweenNodesIsForTheDomainAlone() throws {
        let request = SIPMessage.request(
            .notify, uri: SIPURI(host: "a.overlay.invalid"), body: Array("<presence>at lunch</presence>".utf8),
            contentType: "application/pidf+xml")
        var random = RandomSource(seed: 3)
        let key = SymmetricKey(random: &random)
        let sealed = SealedNotification.seal(request, with: key, random: &random)
        #expect(!String(decoding: sealed.bytes, as: UTF8.self).contains("lunch"))
        #expect(sealed.value(.contentType)?.string == SealedNotification.contentType)
        let received = try SIPMessage(parsing: sealed.bytes)
        #expect(key.open(Array(received.body)) == Array(request.body))
        #expect(SymmetricKey(random: &random).open(Array(received.body)) == nil)
        let empty = SealedNotification.seal(request, with: nil, random: &random)
        #expect(empty.body.isEmpty && !empty.contains(.contentType))
    }
}
