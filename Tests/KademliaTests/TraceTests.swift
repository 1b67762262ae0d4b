import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct TraceTests {
    let domain = TestDomain(seed: 61)

    @Test func everyStepIsToldInOrder() throws {
        var configuration = KademliaConfiguration()
        configuration.bucketSize = 4
        configuration.wideBuckets = []
        let network = VirtualNetwork.settled(60, seed: 62, configuration: configuration)
        let record = domain.user("alice").presence("here")
        _ = network.store(record, from: 0)
        let holders = network.holders(of: record)
        let reader = try #require(network.nodes.indices.first { !holders.contains($0) })
        // One holder is dead, and one lies.
        network.nodes[holders[0]].isAlive = false
        let liar = holders[1]
        let forged = try forged(record)
        network.tamper = { from, message in
            guard from == liar, case .fetched(var page) = message.body, !page.records.isEmpty else { return message }
            page.records = [forged]
            return Message(transaction: message.transaction, body: .fetched(page))
        }
        let token = LookupToken(1)
        network.perform(
            reader,
            .lookUp(token, .presence, record.resource, LookupOptions(quorum: 16, isTraced: true)))
        network.run(for: .seconds(20))
        let outcome = try #require(network.nodes[reader].found[token])
        let steps = outcome.steps
        #expect(outcome.records == [record])
        #expect(steps.count == outcome.trace.requests + 1)
        #expect(steps[0].contact == nil && steps[0].ending == .answered && steps[0].records == 0)
        #expect(steps.map(\.after) == steps.map(\.after).sorted())
        #expect(steps.count { $0.ending == .failed } == outcome.trace.timeouts)
        let ownID = network.nodes[reader].contact.nodeID.bits
        for step in steps.dropFirst() {
            let contact = try #require(step.contact)
            #expect(step.sharedBits == (contact.nodeID.bits ^ record.resource.bits).leadingZeroBitCount)
            #expect(step.bucket == (contact.nodeID.bits ^ ownID).leadingZeroBitCount)
            #expect(step.hop >= 1 && !step.isFurtherPage)
            #expect((step.roundTrip == nil) == (step.ending == .open))
        }
        func step(of index: Int) -> LookupStep? {
            steps.first { $0.contact == network.nodes[index].contact }
        }
        // The search need not have waited for it.
        #expect(step(of: holders[0])?.ending ?? .failed != .answered)
        #expect(step(of: liar)?.ending == .refused && step(of: liar)?.records == 0)
        let honest = try #require(step(of: holders[2]))
        #expect(honest.ending == .answered && honest.records == 1 && honest.closer > 0)
        #expect(try #require(honest.roundTrip) >= .milliseconds(20))
    }

    @Test func furtherPagesAreStepsAndNothingIsKeptUnasked() throws {
        let network = VirtualNetwork.settled(20, seed: 63)
        let alice = domain.user("alice")
        var records: [Record] = []
        for number in 0..<12 {
            let record = alice.document(path: "\(10 + number)", [UInt8](repeating: UInt8(number), count: 12_000))
            records.append(record)
            network.perform(2, .store(StoreToken(UInt64(number)), record, StoreOptions()))
        }
        network.run(for: .seconds(20))
        let holders = network.holders(of: records[0])
        let reader = try #require(network.nodes.indices.first { !holders.contains($0) })
        for (number, isTraced) in [true, false].enumerated() {
            let token = LookupToken(UInt64(number))
            let options = LookupOptions(quorum: 1, isTraced: isTraced)
            network.perform(reader, .lookUp(token, .document, records[0].resource, options))
            network.run(for: .seconds(20))
            let outcome = try #require(network.nodes[reader].found[token])
            #expect(outcome.records == records)
            #expect(outcome.steps.isEmpty == !isTraced)
            guard isTraced else { continue }
            let pages = outcome.steps.filter(\.isFurtherPage)
            #expect(pages.count >= 2)
            #expect(pages.contains { $0.ending == .answered && $0.records > 0 })
        }
    }

    @Test func coreTellsOfItsTableAndItsRequests() throws {
        let network = VirtualNetwork.settled(6, seed: 64)
        let core = network.nodes[3].core
        #expect(core.bucketCounts.reduce(0, +) == core.contactCount)
        #expect(core.overlaySize == 6)
        let totals = core.requestTotals
        #expect(totals.received > 0 && totals.sent > 0 && totals.dropped == 0)
        let absent = domain.user("x").presence("").resource
        for number in 0..<250 {
            network.perform(3, .lookUp(LookupToken(UInt64(number)), .presence, absent, LookupOptions()))
            network.run(for: .milliseconds(200))
        }
        // Five others are asked five times a second.
        let rates = network.nodes[3].core.requestRates(at: network.now)
        #expect(rates.sent > 15 && rates.sent < 30)
        #expect(network.nodes[3].core.requestTotals.sent >= totals.sent + 1_250)
        let large = VirtualNetwork.settled(60, seed: 65)
        // The median of the last lookups follows a growing overlay with a delay.
        large.run(for: .minutes(30))
        let size = try #require(large.nodes[9].core.overlaySize)
        #expect(size > 20 && size < 180)
    }

    /// The record with a signature that is wrong.
    private func forged(_ record: Record) throws -> Record {
        var bytes = record.encoded
        bytes[bytes.count - 1] ^= 1
        return try Record(decoding: bytes)
    }
}
