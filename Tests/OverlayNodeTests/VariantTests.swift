import Identity
import Kademlia
import OverlayNode
import Presence
import Primitives
import SIPMessages
import Testing

/// What is sealed for classes of watchers, and with which keys.
@Suite struct VariantTests {
    private let now = Instant(secondsSince1970: 1_800_000_000)
    private let accounts: AccountUsage
    private let alice: Account
    private let secrets: PresenceSecrets
    private let node: NodeID
    private let friends = WatcherClass(basis: [1], permissions: [7])
    private let document = Array("<presence>at lunch</presence>".utf8)

    init() throws {
        var random = RandomSource(seed: 1)
        var usage = AccountUsage()
        var actions: [AccountUsage.Action] = []
        try usage.createDomain("example.org", random: &random, into: &actions)
        _ = try usage.addUser("alice@example.org", password: "secret", at: now, random: &random, into: &actions)
        accounts = usage
        alice = try #require(usage.accounts.values.first)
        secrets = PresenceSecrets(of: alice.identity)
        node = NodeID(bits: .random(using: &random))
    }

    private func record(
        _ variants: [(watchers: WatcherClass, document: [UInt8])], version: Int64 = 1, at time: Instant? = nil
    ) throws -> Record {
        var random = RandomSource(seed: UInt64(version))
        var usage = PresenceUsage(nodeID: node)
        var actions: [PresenceUsage.Action] = []
        usage.publish(
            alice.addressOfRecord, document: Array("<presence>everything</presence>".utf8), variants: variants,
            version: version, expires: now + .hours(48), account: alice, at: time ?? now, random: &random,
            into: &actions)
        guard case .keep(let record)? = actions.first else { throw Failure("nothing was stored") }
        return record
    }

    private func open(_ record: Record, _ key: VariantKey, from source: NodeID? = nil) throws -> [UInt8]? {
        let value = try PresenceValue(decoding: record.value)
        let labelled = value.variants.first { $0.label == key.label }
        return labelled.flatMap { key.open($0.sealed, from: source ?? node) }
    }

    @Test func aKeyOpensItsOwnVariantAndNothingElse() throws {
        let others = WatcherClass(basis: [1], permissions: [8])
        let record = try record([(friends, document), (others, Array("<presence/>".utf8))])
        let key = secrets.variant(for: friends, at: now)
        #expect(try open(record, key) == document)
        #expect(try open(record, secrets.variant(for: others, at: now)) == Array("<presence/>".utf8))
        // Not under another node's name, nor anything for which it was not made.
        #expect(try open(record, key, from: alice.identity.publicKey.nodeID) == nil)
        let value = try PresenceValue(decoding: record.value)
        #expect(value.variants.count { key.open($0.sealed, from: node) != nil } == 1)
        #expect(key.open(value.whole, from: node) == nil)
        // What is stored tells neither text nor whose variants there are, and their lengths tell little.
        #expect(!String(decoding: record.value, as: UTF8.self).contains("lunch"))
        #expect(Set(value.variants.map(\.sealed.count)).count == 1)
    }

    @Test func anOldKeyOpensNothingNewer() throws {
        let old = secrets.variant(for: friends, at: now)
        // The rules changed, and with them what classes rest on.
        let changed = WatcherClass(basis: [2], permissions: friends.permissions)
        let later = try record([(changed, document)], version: 2)
        #expect(try open(later, old) == nil)
        #expect(try PresenceValue(decoding: later.value).variants.allSatisfy { old.open($0.sealed, from: node) == nil })
        #expect(try open(later, secrets.variant(for: changed, at: now)) == document)
        // A day is over.
        let nextDay = try record([(friends, document)], version: 3, at: now + .hours(24))
        #expect(
            try PresenceValue(decoding: nextDay.value).variants.allSatisfy { old.open($0.sealed, from: node) == nil })
        // Whoever holds the account derives the same keys, before and after a restart.
        #expect(PresenceSecrets(of: alice.identity).variant(for: friends, at: now) == old)
    }

    @Test func whoIsPolitelyBlockedGetsAKeyForNothing() throws {
        let blocked = WatcherClass(basis: [1], permissions: nil)
        let carol = try #require(AddressOfRecord("carol@example.net"))
        let record = try record([(friends, document)])
        let key = secrets.variant(for: blocked, as: carol, at: now)
        #expect(try open(record, key) == nil)
        let offline = Composition.offlineDocument(of: alice.addressOfRecord)
        let notify = SIPMessage.request(
            .notify, uri: SIPURI(host: "a.overlay.invalid"), body: offline, contentType: "application/pidf+xml")
        let toFriend = VariantNotification.wrap(notify, key: secrets.variant(for: friends, at: now))
        let toBlocked = VariantNotification.wrap(notify, key: key)
        let bodies = try [toFriend, toBlocked].map { try VariantNotification(decoding: Array($0.body)) }
        #expect(bodies[0].document == offline && bodies[1].document == offline)
        // Nothing but the key's own bytes differs.
        let differing = zip(toFriend.bytes, toBlocked.bytes).count { $0 != $1 }
        #expect(toFriend.bytes.count == toBlocked.bytes.count && differing <= SymmetricKey.length)
    }

    @Test func variantsForWhichARecordHasNoRoomAreLeftOut() throws {
        let long = [UInt8](repeating: 65, count: 6_000)
        let variants = (1...4).map { (watchers: WatcherClass(basis: [1], permissions: [$0]), document: long) }
        let record = try record(variants)
        #expect(record.value.count <= RecordLimits.valueBytes)
        #expect(try PresenceValue(decoding: record.value).variants.count == 2)
    }

    @Test func whatIsNoPresenceIsRefused() throws {
        let value = PresenceValue(
            whole: [1, 2], variants: [PresenceValue.Variant(label: [UInt8](repeating: 3, count: 16), sealed: [4])])
        let bytes = value.encode()
        #expect(bytes.count == value.length)
        #expect(try PresenceValue(decoding: bytes) == value)
        for length in bytes.indices {
            #expect(throws: MalformedBytes.self) { try PresenceValue(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: MalformedBytes.self) { try PresenceValue(decoding: bytes + [0]) }
        #expect(PaddedDocument.decode([0, 0, 0, 9, 1]) == nil)
        for length in [0, 1, 251, 252, 253, 600] {
            let document = [UInt8](repeating: 7, count: length)
            let padded = PaddedDocument.encode(document)
            #expect(padded.count % PaddedDocument.unit == 0 && PaddedDocument.decode(padded) == document)
        }
    }

    /// Storing nodes could give a watcher's node whatever they like; only what a publisher sealed is read, once, in order.
    @Test func aWatchersNodeReadsRecordsWithTheKeysItWasTold() throws {
        let carol = try #require(AddressOfRecord("carol@example.net"))
        let aor = alice.addressOfRecord
        var random = RandomSource(seed: 9)
        var usage = PresenceUsage(nodeID: NodeID(bits: .random(using: &random)))
        var actions: [PresenceUsage.Action] = []
        let strangers = AccountUsage()
        let presence = EventResource(aor)
        usage.watch(presence, domain: alice.certificate.domainKey, accounts: strangers, into: &actions)
        usage.ask(presence, for: carol, into: &actions)
        let first = try record([(friends, document)], version: 5)
        let read = { (actions: [PresenceUsage.Action]) in
            actions.compactMap { action -> Int64? in
                if case .document(_, _, carol, _, let version) = action { version } else { nil }
            }
        }
        usage.recordChanged(.added(first), accounts: strangers, at: now, into: &actions)
        #expect(read(actions).isEmpty, "no key yet")
        let told = VariantNotification(key: secrets.variant(for: friends, at: now), document: document)
        actions = []
        usage.notified(presence, for: carol, by: node, told.encode(), version: 3, accounts: strangers, into: &actions)
        #expect(read(actions) == [3, 5])
        actions = []
        usage.recordChanged(.replaced(first), accounts: strangers, at: now, into: &actions)
        #expect(read(actions).isEmpty, "known already")
        let changed = WatcherClass(basis: [2], permissions: friends.permissions)
        let second = try record([(changed, document)], version: 7)
        usage.recordChanged(.replaced(second), accounts: strangers, at: now, into: &actions)
        #expect(read(actions).isEmpty, "the key is another")
        usage.subscriptionEnded(presence, for: carol, at: node, isRefused: true, into: &actions)
        guard case .document(_, _, carol, nil, 5)? = actions.last else { throw Failure("not forgotten") }
        actions = []
        usage.notified(presence, for: carol, by: node, [1, 2, 3], version: 9, accounts: strangers, into: &actions)
        #expect(read(actions).isEmpty)
    }
}
