import Primitives
import Testing

@testable import Kademlia

@Suite struct StoreAndFindTests {
    let domain = TestDomain(seed: 7)

    @Test func loneNodeHoldsItsRecordAndHandsItOverWhenOthersCome() throws {
        let network = VirtualNetwork(seed: 1)
        network.addAndJoin()
        let record = domain.user("alice").presence("here")
        let outcome = try #require(network.store(record, from: 0))
        #expect(outcome.replicas == 1)
        #expect(try #require(network.find(.presence, record.resource, from: 0)).records == [record])
        network.addAndJoin()
        network.run(for: .seconds(5))
        #expect(network.holders(of: record) == [0, 1])
        network.nodes[0].isAlive = false
        #expect(try #require(network.find(.presence, record.resource, from: 1)).records == [record])
    }

    @Test(arguments: [2, 4, 40])
    func recordIsHeldByTheClosestNodesAndFoundByAll(count: Int) throws {
        let network = VirtualNetwork.settled(count, seed: UInt64(count))
        for number in 0..<6 {
            let record = domain.user("user\(number)").presence("state \(number)")
            let outcome = try #require(network.store(record, from: number % count))
            #expect(outcome.replicas >= min(count, 16) && outcome.replicas <= 24)
            #expect(outcome.refusals.isEmpty && outcome.unanswered == 0)
            let closest = network.nodes.indices.sorted {
                network.nodes[$0].contact.nodeID.bits ^ record.resource.bits
                    < network.nodes[$1].contact.nodeID.bits ^ record.resource.bits
            }
            #expect(network.holders(of: record) == closest.prefix(outcome.replicas).sorted())
            for reader in network.nodes.indices {
                let token = LookupToken(UInt64(1_000 + reader))
                network.perform(reader, .lookUp(token, .presence, record.resource, LookupOptions()))
            }
            network.run(for: .seconds(10))
            for reader in network.nodes.indices {
                let found = try #require(network.nodes[reader].found[LookupToken(UInt64(1_000 + reader))])
                #expect(found.records == [record])
                network.nodes[reader].found = [:]
            }
        }
    }

    @Test func absentRecordIsReportedAsAbsent() throws {
        let network = VirtualNetwork.settled(24, seed: 3)
        let outcome = try #require(network.find(.presence, domain.user("nobody").presence("").resource, from: 5))
        #expect(outcome.records.isEmpty)
        #expect(outcome.holders == 0)
        #expect(outcome.closest.count == 16)
    }

    @Test func resourceOfManyRecordsIsFetchedInPages() throws {
        let network = VirtualNetwork.settled(20, seed: 4)
        let alice = domain.user("alice")
        var records: [Record] = []
        for number in 0..<12 {
            let value = [UInt8](repeating: UInt8(number), count: 12_000)
            let record = alice.document(path: "path/\(10 + number)", value)
            records.append(record)
            network.perform(2, .store(StoreToken(UInt64(number)), record, StoreOptions()))
        }
        network.run(for: .seconds(20))
        let reader = try #require(network.nodes.indices.first { network.holders(of: records[0]).contains($0) == false })
        let outcome = try #require(network.find(.document, records[0].resource, from: reader))
        #expect(outcome.records == records)
    }

    @Test func highestSequenceWinsAndLaggingReplicasAreRepaired() throws {
        let network = VirtualNetwork.settled(20, seed: 5)
        let alice = domain.user("alice")
        let old = alice.presence("old", sequence: 1)
        let new = alice.presence("new", sequence: 2)
        _ = network.store(old, from: 0)
        let holders = network.holders(of: old)
        // One replica alone hears of the successor.
        let (first, second) = (holders[0], holders[1])
        network.perform(
            first,
            .received(
                Message(transaction: 1, body: .store(new, expectedSequence: nil)), from: network.handle(second)))
        #expect(network.holders(of: new) == [first])
        let outcome = try #require(network.find(.presence, new.resource, from: 3, quorum: 16))
        #expect(outcome.records == [new])
        #expect(network.holders(of: new).count >= 15)
    }

    @Test func lookupOfANodeFindsIt() throws {
        let network = VirtualNetwork.settled(50, seed: 6)
        for (index, node) in network.nodes.enumerated() where index != 7 {
            network.perform(7, .lookUpNode(LookupToken(UInt64(index)), node.contact.nodeID))
        }
        network.run(for: .seconds(10))
        for (index, node) in network.nodes.enumerated() where index != 7 {
            let outcome = try #require(network.nodes[7].found[LookupToken(UInt64(index))])
            #expect(outcome.closest.first == node.contact)
        }
    }

    @Test func lossOfATenthOfAllMessagesDoesNotLoseRecords() throws {
        let network = VirtualNetwork.settled(40, seed: 8)
        network.loss = 0.1
        for number in 0..<10 {
            let record = domain.user("user\(number)").presence("state")
            let outcome = try #require(network.store(record, from: number))
            #expect(outcome.replicas >= 12)
            #expect(try #require(network.find(.presence, record.resource, from: 39 - number)).records == [record])
        }
    }

    @Test func compareAndSwapStoresOnlyOverTheExpectedSequence() throws {
        let network = VirtualNetwork.settled(20, seed: 9)
        let alice = domain.user("alice")
        let first = alice.presence("first", sequence: 1)
        let created = try #require(network.store(first, from: 1, options: StoreOptions(expectedSequence: -1)))
        #expect(created.replicas == 16)
        let second = alice.presence("second", sequence: 2)
        let refused = try #require(network.store(second, from: 2, options: StoreOptions(expectedSequence: -1)))
        #expect(refused.replicas == 0)
        #expect(refused.refusals.allSatisfy { $0.reason == .unexpectedSequence && $0.heldSequence == 1 })
        let swapped = try #require(network.store(second, from: 2, options: StoreOptions(expectedSequence: 1)))
        #expect(swapped.replicas == 16)
    }
}
