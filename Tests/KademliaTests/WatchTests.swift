import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct WatchTests {
    let domain = TestDomain(seed: 11)

    private func watch(_ network: VirtualNetwork, _ index: Int, _ record: Record) {
        network.perform(index, .watch(WatchToken(1), record.kind, record.resource))
        network.run(for: .seconds(5))
    }

    @Test(arguments: [2, 12, 48])
    func everyChangeIsDeliveredOnceAndInOrder(count: Int) throws {
        let network = VirtualNetwork.settled(count, seed: UInt64(100 + count))
        let alice = domain.user("alice")
        let first = alice.presence("1", sequence: 1)
        _ = network.store(first, from: 0)
        watch(network, count - 1, first)
        #expect(network.nodes[count - 1].changes == [.added(first)])
        var expected: [RecordChange] = [.added(first)]
        for sequence in Int64(2)...9 {
            let next = alice.presence("\(sequence)", sequence: sequence)
            _ = network.store(next, from: 0)
            expected.append(.replaced(next))
        }
        let longer = alice.presence("9", sequence: 9, lasts: .hours(2))
        _ = network.store(longer, from: 0)
        expected.append(.refreshed(longer))
        let other = alice.presence("elsewhere", node: 2)
        _ = network.store(other, from: 0)
        expected.append(.added(other))
        let gone = longer.tombstone(signingWith: alice.identity.signing)
        _ = network.store(gone, from: 0)
        expected.append(.deleted(gone))
        #expect(network.nodes[count - 1].changes == expected)
    }

    @Test func recordThatEndsIsReportedOnce() throws {
        let network = VirtualNetwork.settled(20, seed: 21)
        let record = domain.user("alice").presence("soon over", lasts: .seconds(120))
        _ = network.store(record, from: 0)
        watch(network, 19, record)
        network.run(for: .seconds(300))
        #expect(network.nodes[19].changes == [.added(record), .expired(record.identity)])
        #expect(network.holders(of: record).isEmpty)
        #expect(network.nodes.allSatisfy { $0.journal[record.identity] == nil })
    }

    @Test func changesArriveAfterTheStoringNodesWithLeasesDied() throws {
        let network = VirtualNetwork.settled(48, seed: 22)
        let alice = domain.user("alice")
        let first = alice.presence("1", sequence: 1)
        _ = network.store(first, from: 0)
        let watcher = try #require(network.nodes.indices.last { !network.holders(of: first).contains($0) })
        watch(network, watcher, first)
        let holders = try #require(network.nodes[watcher].core.watches.values.first).holders.map {
            network.contacts[$0.contact].nodeID
        }
        #expect(holders.count == 3)
        for index in network.nodes.indices where holders.contains(network.nodes[index].contact.nodeID) {
            network.nodes[index].isAlive = false
        }
        let writer = try #require(network.nodes.indices.first { network.nodes[$0].isAlive && $0 != watcher })
        // Half a lease later at most the watcher notices, and finds what it missed as well.
        let second = alice.presence("2", sequence: 2)
        _ = network.store(second, from: writer)
        network.run(for: .seconds(200))
        #expect(network.nodes[watcher].changes == [.added(first), .replaced(second)])
        let third = alice.presence("3", sequence: 3)
        _ = network.store(third, from: writer)
        #expect(network.nodes[watcher].changes == [.added(first), .replaced(second), .replaced(third)])
    }

    @Test func watchOutlivesManyLeasesAndEndsWithUnwatch() throws {
        let network = VirtualNetwork.settled(20, seed: 23)
        let alice = domain.user("alice")
        let first = alice.presence("1", sequence: 1, lasts: .hours(5))
        _ = network.store(first, from: 0)
        watch(network, 19, first)
        network.run(for: .hours(1))
        let second = alice.presence("2", sequence: 2, lasts: .hours(5))
        _ = network.store(second, from: 3)
        #expect(network.nodes[19].changes == [.added(first), .replaced(second)])
        network.perform(19, .unwatch(WatchToken(1)))
        network.run(for: .seconds(2))
        #expect(network.nodes.allSatisfy { $0.core.leases.count == 0 })
        _ = network.store(alice.presence("3", sequence: 3, lasts: .hours(5)), from: 3)
        #expect(network.nodes[19].changes.count == 2)
    }

    @Test func secondWatcherOnTheSameNodeSeesWhatIsKnown() throws {
        let network = VirtualNetwork.settled(8, seed: 24)
        let record = domain.user("alice").presence("1")
        _ = network.store(record, from: 0)
        watch(network, 5, record)
        network.perform(5, .watch(WatchToken(2), record.kind, record.resource))
        #expect(network.nodes[5].changes == [.added(record), .added(record)])
    }

    /// Who was away while an entry was deleted must still hear of it: they may know it from before.
    @Test func whatWasDeletedBeforeTheWatchBeganIsReported() throws {
        let network = VirtualNetwork.settled(8, seed: 29)
        let alice = domain.user("alice")
        let gone = alice.presence("1").tombstone(signingWith: alice.identity.signing)
        _ = network.store(gone, from: 0)
        watch(network, 5, gone)
        #expect(network.nodes[5].changes == [.deleted(gone)])
        network.perform(5, .watch(WatchToken(2), gone.kind, gone.resource))
        #expect(network.nodes[5].changes == [.deleted(gone), .deleted(gone)])
        // That the tombstone ends is nothing new.
        network.run(for: .hours(2))
        #expect(network.nodes[5].changes.count == 2)
    }

    @Test func watchOfALoneNodeFindsStoringNodesWhenTheyCome() throws {
        let network = VirtualNetwork(seed: 25)
        network.addAndJoin()
        let alice = domain.user("alice")
        let first = alice.presence("1")
        network.perform(0, .watch(WatchToken(1), .presence, first.resource))
        network.run(for: .seconds(3))
        for _ in 0..<20 {
            network.addAndJoin()
            network.run(for: .seconds(1))
        }
        network.run(for: .seconds(30))
        _ = network.store(first, from: 9)
        #expect(network.nodes[0].changes == [.added(first)])
    }

    /// A gateway alone in its overlay watches thousands of resources.
    @Test func loneNodeDoesNotSearchAgainAndAgain() throws {
        let network = VirtualNetwork(seed: 31)
        network.addAndJoin()
        network.perform(0, .watch(WatchToken(1), .presence, domain.user("alice").presence("1").resource))
        let begun = network.nodes[0].core.nextOperation
        network.run(for: .minutes(5))
        #expect(network.nodes[0].core.nextOperation == begun)
    }

    @Test func changeUnderAnUnknownLeaseIsNotBelieved() throws {
        let network = VirtualNetwork.settled(4, seed: 26)
        let record = domain.user("alice").presence("1")
        watch(network, 1, record)
        network.perform(
            1, .received(Message(transaction: 5, body: .changed(record, lease: 1)), from: network.handle(2)))
        #expect(network.nodes[1].changes.isEmpty)
    }

    @Test func whatHasEndedDoesNotComeBackInAnOlderVersion() {
        let alice = domain.user("alice")
        let now = TestDomain.epoch
        let long = alice.presence("long", sequence: 1, lasts: .hours(2))
        let short = alice.presence("short", sequence: 2, lasts: .seconds(30))
        let longer = alice.presence("short", sequence: 2, lasts: .hours(1))
        let next = alice.presence("next", sequence: 3, lasts: .hours(3))
        var watch = Watch(tokens: [], lease: 1)
        func see(_ record: Record, after seconds: Int) -> [RecordChange] {
            watch.see(record, at: now + .seconds(seconds))
        }
        #expect(see(long, after: 0) == [.added(long)])
        #expect(see(short, after: 1) == [.replaced(short)])
        // The end is told before what comes after it, even if its time was not noticed yet.
        var other = watch
        #expect(other.see(next, at: now + .seconds(31)) == [.expired(short.identity), .added(next)])
        #expect(other.end(short.identity, at: now + .seconds(31)) == nil)
        #expect(watch.end(short.identity, at: now + .seconds(29)) == nil)
        #expect(watch.end(short.identity, at: now + .seconds(30)) == .expired(short.identity))
        #expect(watch.end(short.identity, at: now + .seconds(31)) == nil)
        #expect(watch.records.isEmpty)
        #expect(see(long, after: 40).isEmpty)
        #expect(see(longer, after: 41) == [.added(longer)])
        let gone = longer.tombstone(signingWith: alice.identity.signing)
        #expect(watch.end(longer.identity, at: now + .hours(1)) == .expired(longer.identity))
        #expect(see(gone, after: 3_700).isEmpty)
        #expect(see(next, after: 3_701) == [])
        #expect(see(alice.presence("at last", sequence: 4, lasts: .hours(4)), after: 3_702).count == 1)
    }

    @Test func leasesAreBoundedForAResourceAndAWatcher() {
        var random = RandomSource(seed: 27)
        let resource = ResourceKey(.presence, ResourceID(bits: .random(using: &random)))
        let now = TestDomain.epoch
        let watcher = { (number: UInt64) in ContactHandle(index: UInt32(number)) }
        func isGranted(
            _ table: inout LeaseTable, _ resource: ResourceKey, for contact: ContactHandle, lease: UInt64,
            seconds: UInt32,
            at now: Instant
        ) -> Bool {
            table.set(resource, for: contact, lease: lease, seconds: seconds, at: now)
        }
        var table = LeaseTable()
        for number in 0..<UInt64(LeaseTable.mostPerResource) {
            #expect(isGranted(&table, resource, for: watcher(number), lease: 1, seconds: 60, at: now))
        }
        #expect(!isGranted(&table, resource, for: watcher(9_999), lease: 1, seconds: 60, at: now))
        #expect(
            isGranted(&table, resource, for: watcher(7), lease: 2, seconds: 90, at: now), "renewing is always possible")
        #expect(isGranted(&table, resource, for: watcher(9_999), lease: 1, seconds: 60, at: now + .seconds(61)))
        #expect(table.count == 2)
        var busy = LeaseTable()
        for _ in 0..<LeaseTable.mostPerWatcher {
            let other = ResourceKey(.presence, ResourceID(bits: .random(using: &random)))
            _ = busy.set(other, for: watcher(1), lease: 1, seconds: 60, at: now)
        }
        #expect(!isGranted(&busy, resource, for: watcher(1), lease: 1, seconds: 60, at: now))
        #expect(isGranted(&busy, resource, for: watcher(2), lease: 1, seconds: 60, at: now))
        #expect(isGranted(&busy, resource, for: watcher(1), lease: 1, seconds: 60, at: now + .seconds(61)))
    }

    @Test func changesWaitForTheLastOneToBeSeenAndOnlyTheNewestIsSent() {
        var random = RandomSource(seed: 28)
        let resource = ResourceKey(.presence, ResourceID(bits: .random(using: &random)))
        let contact = ContactHandle(index: 7)
        let now = TestDomain.epoch
        var table = LeaseTable()
        _ = table.set(resource, for: contact, lease: 1, seconds: 60, at: now)
        func told(_ key: [UInt8]) -> Int { table.change(resource, key: key, at: now).count }
        #expect(told([1]) == 1)
        for key in [[2], [1], [2], [3]] as [[UInt8]] { #expect(told(key) == 0) }
        var sent: [[UInt8]] = []
        #expect(table.next(resource, of: contact, serial: 2) == nil)
        while let (_, key) = table.next(resource, of: contact, serial: 1) { sent.append(key) }
        #expect(sent == [[2], [1], [3]])
        #expect(told([4]) == 1)
        // Another lease of the same watcher starts anew, and what becomes of the change above does not touch it.
        #expect(told([5]) == 0)
        _ = table.set(resource, for: contact, lease: 2, seconds: 60, at: now)
        table.end(resource, of: contact, serial: 1)
        #expect(told([6]) == 1)
        #expect(table.next(resource, of: contact, serial: 2) == nil)
    }
}
