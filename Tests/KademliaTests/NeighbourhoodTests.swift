import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct NeighbourhoodTests {
    let domain = TestDomain(seed: 71)

    private func records(_ count: Int, lasts: Interval = .hours(3)) -> [Record] {
        (0..<count).map { domain.user("user\($0)").presence("state \($0)", lasts: lasts) }
    }

    private func closest(_ network: VirtualNetwork, to record: Record) -> [Int] {
        network.nodes.indices.filter { network.nodes[$0].isAlive }.sorted {
            network.nodes[$0].contact.nodeID.bits ^ record.resource.bits
                < network.nodes[$1].contact.nodeID.bits ^ record.resource.bits
        }.prefix(16).sorted()
    }

    @Test func joiningNodeGetsTheRecordsItIsResponsibleForWithoutAStorm() {
        let network = VirtualNetwork.settled(30, seed: 81)
        let records = records(20)
        for record in records { _ = network.store(record, from: 3) }
        let storesBefore = network.sentStores
        let newcomer = network.addAndJoin()
        network.run(for: .seconds(10))
        let due = records.filter { closest(network, to: $0).contains(newcomer) }
        #expect(!due.isEmpty)
        for record in due { #expect(network.holders(of: record).contains(newcomer)) }
        let stores = network.sentStores - storesBefore
        #expect(stores <= due.count * 2, "each record is handed over once or twice, not by all sixteen holders")
    }

    @Test func replicasAreRestoredAfterDeaths() {
        let network = VirtualNetwork.settled(40, seed: 82)
        let records = records(5)
        for record in records { _ = network.store(record, from: 3) }
        for index in 10..<20 { network.nodes[index].isAlive = false }
        network.run(for: .minutes(30))
        for record in records {
            let wanted = closest(network, to: record)
            let held = network.holders(of: record).filter { wanted.contains($0) }
            #expect(held.count >= 15)
        }
    }

    /// Nobody reads, and the writer is gone: the holders alone find out which of two records is the newer one.
    @Test func holdersLearnNewerRecordsFromThoseWhomTheyHandOlderOnesTo() {
        let network = VirtualNetwork.settled(20, seed: 84)
        let user = domain.user("alice")
        let older = user.presence("old", sequence: 1, lasts: .hours(3))
        _ = network.store(older, from: 3)
        let newer = user.presence("new", sequence: 2, lasts: .hours(3))
        // The farthest of the holders alone has it.
        let holders = network.holders(of: older).sorted {
            network.nodes[$0].contact.nodeID.bits ^ newer.resource.bits
                < network.nodes[$1].contact.nodeID.bits ^ newer.resource.bits
        }
        network.perform(
            holders[12],
            .received(
                Message(transaction: 1, body: .store(newer, expectedSequence: nil)),
                from: network.handle(holders[13])))
        network.run(for: .minutes(50))
        for holder in holders {
            #expect(network.nodes[holder].core.heldRecord(newer.identity) == newer, "holder \(holder)")
        }
    }

    /// It may have been close to the record's place when the overlay was smaller.
    @Test func whoHoldsARecordFarFromItsPlaceTakesTheNewerOne() throws {
        var configuration = KademliaConfiguration()
        configuration.bucketSize = 4
        configuration.wideBuckets = []
        let network = VirtualNetwork.settled(60, seed: 86, configuration: configuration)
        let user = domain.user("alice")
        let older = user.presence("old", sequence: 1, lasts: .hours(3))
        let newer = user.presence("new", sequence: 2, lasts: .hours(3))
        let target = older.resource.bits
        let farthest = try #require(
            network.nodes.indices.max {
                network.nodes[$0].contact.nodeID.bits ^ target < network.nodes[$1].contact.nodeID.bits ^ target
            })
        let sender = farthest == 0 ? 1 : 0
        func send(_ record: Record) {
            network.perform(
                farthest,
                .received(
                    Message(transaction: 1, body: .store(record, expectedSequence: nil)), from: network.handle(sender)))
        }
        send(older)
        #expect(network.nodes[farthest].core.heldRecord(older.identity) == nil, "many are closer")
        network.perform(farthest, .restore(StoredEntry(record: older, isReplica: true, isKept: false)))
        #expect(network.nodes[farthest].core.heldRecord(older.identity) == older)
        send(newer)
        #expect(network.nodes[farthest].core.heldRecord(older.identity) == newer)
    }

    @Test func leavingNodeHandsOverAndIsForgottenAtOnce() {
        let network = VirtualNetwork.settled(2, seed: 83)
        let record = records(1)[0]
        // Node 1 alone holds it.
        network.perform(
            1,
            .received(
                Message(transaction: 1, body: .store(record, expectedSequence: nil)),
                from: network.handle(0)))
        #expect(network.holders(of: record) == [1])
        network.perform(1, .leave)
        network.run(for: .seconds(3))
        #expect(network.nodes[1].hasLeft)
        #expect(network.holders(of: record).contains(0))
        #expect(network.nodes[0].core.contactCount == 0)
        #expect(network.nodes[1].core.nextDeadline == nil)
    }

    @Test func loneNodeLeavesAtOnce() {
        let network = VirtualNetwork(seed: 84)
        network.addAndJoin()
        network.perform(0, .leave)
        #expect(network.nodes[0].hasLeft)
    }

    @Test func recordsAndContactsSurviveARestartOfAllNodes() throws {
        let network = VirtualNetwork.settled(12, seed: 85)
        let records = records(6)
        for record in records { _ = network.store(record, from: 3) }
        for index in network.nodes.indices { network.nodes[index].isAlive = false }
        network.run(for: .seconds(20))
        for index in network.nodes.indices { network.restart(index) }
        network.run(for: .seconds(60))
        for (number, record) in records.enumerated() {
            #expect(network.holders(of: record).count == 12)
            #expect(try #require(network.find(.presence, record.resource, from: number)).records == [record])
        }
    }

    @Test func damagedOrEndedJournalEntriesAreDropped() {
        let network = VirtualNetwork(seed: 86)
        network.add()
        let ended = domain.user("alice").presence("x", lasts: .hours(1), from: TestDomain.epoch - .hours(2))
        network.perform(0, .restore(StoredEntry(record: ended, isReplica: true, isKept: true)))
        #expect(network.nodes[0].core.heldRecords.count == 0)
        #expect(network.nodes[0].core.kept.isEmpty)
    }

    @Test func keptRecordIsStoredAgainRenewedAndReleased() throws {
        let network = VirtualNetwork.settled(20, seed: 87)
        let alice = domain.user("alice")
        let record = alice.presence("1", lasts: .hours(3))
        network.perform(4, .keep(StoreToken(1), record, StoreOptions()))
        network.run(for: .seconds(5))
        #expect(network.nodes[4].stored[StoreToken(1)]?.replicas == 16)
        #expect(network.nodes[4].journal[record.identity]?.isKept == true)
        // All holders but the writer forget: it stores the record again.
        for index in network.nodes.indices where index != 4 { network.nodes[index].isAlive = false }
        for _ in 0..<16 { network.addAndJoin() }
        for index in 20..<36 {
            network.perform(index, .received(Message(transaction: 1, body: .ping), from: network.handle(4)))
        }
        for index in 20..<36 {
            network.perform(4, .received(Message(transaction: 1, body: .ping), from: network.handle(index)))
        }
        network.run(for: .minutes(40))
        #expect(network.holders(of: record).count >= 15)
        #expect(network.nodes[4].renewals.isEmpty)
        network.run(for: .minutes(90))
        #expect(network.nodes[4].renewals == [record])
        let longer = alice.presence("1", lasts: .hours(6))
        network.perform(4, .keep(StoreToken(2), longer, StoreOptions()))
        network.run(for: .hours(1))
        #expect(network.holders(of: longer).count >= 15, "the refreshed record outlived the first one's end")
        network.perform(4, .release(record.identity))
        network.run(for: .hours(4))
        #expect(network.holders(of: longer).isEmpty)
        #expect(network.nodes[4].journal.isEmpty)
    }

    @Test func liarsAreNotBelieved() throws {
        let network = VirtualNetwork.settled(24, seed: 88)
        let alice = domain.user("alice")
        let record = alice.presence("true", sequence: 1)
        _ = network.store(record, from: 0)
        let mallory = TestDomain(seed: 99).user("alice")
        let forged = mallory.presence("false", sequence: 9)
        let liars = Array(network.holders(of: record).prefix(8))
        network.tamper = { from, message in
            guard liars.contains(from), case .fetched(var answer) = message.body else { return nil }
            answer.records = [forged]
            return Message(transaction: message.transaction, body: .fetched(answer))
        }
        let reader = try #require(network.nodes.indices.last { !liars.contains($0) })
        let outcome = try #require(network.find(.presence, record.resource, from: reader, quorum: 4))
        #expect(outcome.records == [record])
    }

    @Test func refusalsNameTheirReason() throws {
        var configuration = KademliaConfiguration()
        configuration.storeBytesPerWriter = 2_000
        let network = VirtualNetwork.settled(6, seed: 89, configuration: configuration)
        let alice = domain.user("alice")
        _ = network.store(alice.presence("2", sequence: 2), from: 0)
        let older = try #require(network.store(alice.presence("1", sequence: 1), from: 1))
        #expect(older.replicas == 0 && older.refusals.count == 6)
        #expect(older.refusals.allSatisfy { $0.reason == .older && $0.heldSequence == 2 })
        let large = try #require(
            network.store(alice.document(path: "x", [UInt8](repeating: 0, count: 3_000)), from: 1))
        #expect(large.replicas == 0 && large.refusals.allSatisfy { $0.reason == .writerQuota })
        let foreign = Record(
            kind: .document, domain: alice.certificate.domainKey, name: "bob", sequence: 1,
            notAfter: TestDomain.epoch + .hours(1), value: [], authority: .user(alice.certificate),
            signingWith: alice.identity.signing)
        let refused = try #require(network.store(foreign, from: 1))
        #expect(refused.replicas == 0 && refused.refusals.map(\.reason) == [.notAllowed])
        // Who skips the check at home is refused by the others.
        network.perform(
            2,
            .received(
                Message(transaction: 3, body: .store(foreign, expectedSequence: nil)),
                from: network.handle(1)))
        #expect(network.nodes[2].core.heldRecord(foreign.identity) == nil)
        #expect(
            network.nodes[2].observations.contains {
                if case .refused(_, .notAllowed, _) = $0 { true } else { false }
            })
    }

    @Test func refusedKeptRecordIsNotKept() throws {
        let network = VirtualNetwork.settled(4, seed: 90)
        let alice = domain.user("alice")
        _ = network.store(alice.presence("5", sequence: 5), from: 0)
        let stale = alice.presence("4", sequence: 4)
        network.perform(1, .keep(StoreToken(7), stale, StoreOptions()))
        network.run(for: .seconds(5))
        let outcome = try #require(network.nodes[1].stored[StoreToken(7)])
        #expect(outcome.replicas == 0)
        #expect(network.nodes[1].core.kept.isEmpty)
    }

    @Test func nodesAnswerWithTheEndpointTheySee() {
        let network = VirtualNetwork.settled(2, seed: 91)
        network.run(for: .minutes(10))
        let reflected = network.nodes[1].observations.contains {
            if case .reflected(let endpoint, _) = $0 { endpoint == network.nodes[1].contact.endpoint } else { false }
        }
        #expect(reflected)
    }

    @Test func joinIsTriedAgainUntilSomebodyAnswers() {
        let network = VirtualNetwork(seed: 92)
        network.add()
        network.nodes[0].isAlive = false
        network.add()
        network.perform(1, .join(bootstrap: [network.nodes[0].contact.endpoint], remembered: []))
        network.run(for: .seconds(20))
        #expect(network.nodes[1].observations.contains { if case .joinFailed = $0 { true } else { false } })
        network.nodes[0].isAlive = true
        network.perform(0, .join(bootstrap: [], remembered: []))
        network.run(for: .seconds(60))
        #expect(network.nodes[1].core.contactCount == 1)
        #expect(network.nodes[1].observations.contains { if case .joined(1) = $0 { true } else { false } })
    }

    @Test func halvesThatLivedApartAgreeAgain() throws {
        // Two overlays that know nothing of each other hold different states of one record.
        let network = VirtualNetwork(seed: 93)
        for index in 0..<20 {
            network.add()
            let first = index % 2
            let bootstrap = index < 2 ? [] : [network.nodes[first].contact.endpoint]
            network.perform(index, .join(bootstrap: bootstrap, remembered: []))
            network.run(for: .milliseconds(500))
        }
        network.run(for: .seconds(30))
        let alice = domain.user("alice")
        let old = alice.presence("old", sequence: 1)
        let new = alice.presence("new", sequence: 2)
        _ = network.store(old, from: 0)
        _ = network.store(new, from: 1)
        let only = domain.user("bob").presence("bob")
        _ = network.store(only, from: 0)
        #expect(network.holders(of: new).allSatisfy { $0 % 2 == 1 })
        // One word between them.
        network.perform(1, .received(Message(transaction: 1, body: .ping), from: network.handle(0)))
        network.run(for: .minutes(12))
        for reader in [0, 1, 8, 13] {
            #expect(try #require(network.find(.presence, new.resource, from: reader, quorum: 16)).records == [new])
            #expect(try #require(network.find(.presence, only.resource, from: reader, quorum: 16)).records == [only])
        }
    }
}
