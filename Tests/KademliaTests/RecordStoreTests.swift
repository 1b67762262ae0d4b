import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct RecordStoreTests {
    let domain = TestDomain(seed: 61)
    let source = IPAddress(v4: 0x0101_0101)

    /// A store with its limits.
    @dynamicMemberLookup
    private struct Store {
        var records = RecordStore()
        let limits: KademliaConfiguration

        subscript<Value>(dynamicMember path: KeyPath<RecordStore, Value>) -> Value { records[keyPath: path] }
    }

    private func store(_ change: (inout KademliaConfiguration) -> Void = { _ in }) -> Store {
        var configuration = KademliaConfiguration()
        change(&configuration)
        return Store(limits: configuration)
    }

    private func outcome(
        _ store: inout Store, _ record: Record, expected: Int64? = nil, from address: IPAddress? = nil
    ) -> Result<RecordStore.Change, RecordRefusal> {
        do throws(RecordRefusal) {
            return .success(
                try store.records.admit(
                    record, expected: expected, from: address ?? source, limits: store.limits))
        } catch {
            return .failure(error)
        }
    }

    @Test func sequenceDecides() {
        var store = store()
        let alice = domain.user("alice")
        #expect(outcome(&store, alice.presence("5", sequence: 5)) == .success(.added))
        #expect(outcome(&store, alice.presence("4", sequence: 4)) == .failure(.older))
        #expect(outcome(&store, alice.presence("5", sequence: 5)) == .success(.nothing))
        #expect(outcome(&store, alice.presence("5", sequence: 5, lasts: .hours(2))) == .success(.refreshed))
        #expect(
            outcome(&store, alice.presence("5", sequence: 5)) == .success(.nothing), "a shorter one changes nothing")
        #expect(outcome(&store, alice.presence("4 again", sequence: 5)) == .failure(.conflicting))
        #expect(outcome(&store, alice.presence("6", sequence: 6)) == .success(.replaced))
        #expect(store.count == 1)
    }

    @Test func compareAndSwapNamesWhatIsHeld() {
        var store = store()
        let alice = domain.user("alice")
        #expect(outcome(&store, alice.presence("1"), expected: 0) == .failure(.unexpectedSequence))
        #expect(outcome(&store, alice.presence("1"), expected: -1) == .success(.added))
        #expect(outcome(&store, alice.presence("1"), expected: -1) == .success(.nothing), "a repetition")
        #expect(outcome(&store, alice.presence("3", sequence: 3), expected: 2) == .failure(.unexpectedSequence))
        #expect(outcome(&store, alice.presence("3", sequence: 3), expected: 1) == .success(.replaced))
    }

    @Test func tombstoneMustLastAsLongAsWhatItDeletes() {
        var store = store()
        let alice = domain.user("alice")
        let record = alice.presence("1", lasts: .hours(2))
        _ = outcome(&store, record)
        let brief = alice.presence("1", lasts: .hours(1)).tombstone(signingWith: alice.identity.signing)
        #expect(outcome(&store, brief) == .failure(.tombstoneTooShort))
        #expect(outcome(&store, record.tombstone(signingWith: alice.identity.signing)) == .success(.replaced))
        #expect(outcome(&store, record) == .failure(.older), "the deleted record does not come back")
    }

    @Test func quotasOfWriterAddressResourceAndStore() {
        let alice = domain.user("alice")
        let document = { (path: String, size: Int) in alice.document(path: path, [UInt8](repeating: 0, count: size)) }
        var byWriter = store { $0.storeBytesPerWriter = 3_000 }
        #expect(outcome(&byWriter, document("a", 1_000)) == .success(.added))
        #expect(outcome(&byWriter, document("b", 2_000)) == .failure(.writerQuota))
        #expect(outcome(&byWriter, domain.user("bob").presence("other writer")) == .success(.added))
        byWriter.records.remove(document("a", 1_000).identity)
        #expect(outcome(&byWriter, document("b", 2_000)) == .success(.added))
        var byAddress = store { $0.storeBytesPerAddress = 2_000 }
        #expect(outcome(&byAddress, document("a", 1_000)) == .success(.added))
        #expect(outcome(&byAddress, document("b", 1_000)) == .failure(.addressQuota))
        #expect(outcome(&byAddress, document("b", 1_000), from: IPAddress(v4: 0x0202_0202)) == .success(.added))
        #expect(outcome(&byAddress, document("c", 1_000), from: .loopback) == .success(.added))
        var byResource = store { $0.recordsPerResource = 2 }
        _ = outcome(&byResource, document("a", 1))
        _ = outcome(&byResource, document("b", 1))
        #expect(outcome(&byResource, document("c", 1)) == .failure(.resourceFull))
        var full = store { $0.storeBytes = 1_500 }
        _ = outcome(&full, document("a", 1_000))
        #expect(outcome(&full, document("b", 1_000)) == .failure(.storeFull))
        var mailbox = store { $0.mailboxRecordsPerWriter = 2 }
        let bob = domain.user("bob")
        for number in UInt8(0)..<2 { #expect(outcome(&mailbox, bob.mail(to: alice, number)) == .success(.added)) }
        #expect(outcome(&mailbox, bob.mail(to: alice, 2)) == .failure(.writerQuota))
        #expect(outcome(&mailbox, domain.user("carol").mail(to: alice, 0)) == .success(.added))
    }

    @Test func pagesCoverAResourceInOrder() {
        var store = store()
        let alice = domain.user("alice")
        var all: [Record] = []
        for number in 0..<20 {
            all.append(alice.document(path: "p\(10 + number)", [UInt8](repeating: 1, count: 7_000)))
        }
        for record in all.reversed() { _ = outcome(&store, record) }
        let resource = ResourceKey(all[0].identity)
        var read: [Record] = []
        var pages = 0
        while true {
            let (page, hasMore) = store.records.page(of: resource, after: read.last?.key)
            #expect(page.reduce(0) { $0 + $1.encoded.count } <= MessageLimits.pageBytes)
            read += page
            pages += 1
            if !hasMore { break }
        }
        #expect(read == all)
        #expect(pages == 4)
        #expect(store.records.summary(of: resource) == ResourceSummary.of(all))
        for record in all { store.records.remove(record.identity) }
        #expect(store.count == 0 && store.bytes == 0 && store.resourceKeys.isEmpty)
    }
}
