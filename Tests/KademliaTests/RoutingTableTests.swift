import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct RoutingTableTests {
    let own = NodeID(bits: Bits256(words: SIMD4()))
    let now = TestDomain.epoch
    let directory = ContactDirectory(
        capacity: 10_000, exemptPrefixes: [AddressPrefix("10.0.0.0/8")!])

    /// A contact with a made-up ID: `prefix` leading zero bits, then a one, then `number`.
    private func contact(_ prefix: Int, _ number: UInt64, at address: UInt32) -> ContactHandle {
        let id = NodeID(bits: Bits256(words: SIMD4(1 << UInt64(63 - prefix), 0, 0, number)))
        return directory.handle(
            of: Contact(
                key: PublicSigningKey(bits: id.bits), endpoint: Endpoint(address: IPAddress(v4: address), port: 1),
                nodeID: id))!
    }

    private func table() -> RoutingTable {
        RoutingTable(nodeID: own, contacts: directory, configuration: SharedConfiguration(KademliaConfiguration()))
    }

    private func fill(_ table: RoutingTable) -> [Int] { (0..<table.bucketCount).map { table.range(of: $0).count } }

    private func fail(_ table: inout RoutingTable, _ contact: ContactHandle, isCertain: Bool) -> (
        lost: ContactHandle?, replacement: ContactHandle?
    ) {
        table.failed(directory[contact].nodeID, isCertain: isCertain, at: now)
    }

    @Test func topBucketsAreWideAndTheOthersHoldSixteen() {
        var table = table()
        for prefix in 0..<5 {
            for number in 0..<300 {
                _ = table.heard(
                    from: contact(prefix, UInt64(number), at: UInt32((prefix * 300 + number + 1) << 8)),
                    roundTrip: nil, at: now)
            }
        }
        #expect(fill(table) == [256, 128, 64, 32, 16])
        #expect((0..<5).allSatisfy { table.replacements(of: $0).count == 8 })
        #expect(table.count == 496)
    }

    @Test func replacementTakesThePlaceOfAContactThatFailsThrice() {
        var table = table()
        for number in 0..<17 {
            _ = table.heard(from: contact(4, UInt64(number), at: UInt32((number + 1) << 8)), roundTrip: nil, at: now)
        }
        let first = contact(4, 0, at: 256)
        #expect(fail(&table, first, isCertain: false).lost == nil)
        #expect(
            !table.closest(to: directory.bits(first), count: 16).contains(first), "a contact in doubt is not passed on")
        #expect(fail(&table, first, isCertain: false).lost == nil)
        let (lost, replacement) = fail(&table, first, isCertain: false)
        #expect(lost == first)
        #expect(replacement == contact(4, 16, at: 17 << 8))
        #expect(table.count == 16)
    }

    @Test func brokenSessionLosesTheContactAtOnceAndAnAnswerRestoresTrust() {
        var table = table()
        let first = contact(3, 0, at: 256)
        _ = table.heard(from: first, roundTrip: nil, at: now)
        _ = fail(&table, first, isCertain: false)
        _ = table.heard(from: first, roundTrip: .milliseconds(5), at: now)
        #expect(table.closest(to: directory.bits(first), count: 1) == [first])
        #expect(fail(&table, first, isCertain: true).lost == first)
        #expect(table.count == 0)
    }

    @Test func oneAddressBlockFillsNeitherABucketNorTheTable() {
        var table = table()
        for prefix in 0..<10 {
            for number in 0..<5 {
                _ = table.heard(
                    from: contact(prefix, UInt64(number), at: 0x0B00_0000 + UInt32(prefix * 5 + number)),
                    roundTrip: nil, at: now)
            }
        }
        #expect(fill(table) == [2, 2, 2, 2, 2, 0, 0, 0, 0, 0])
        // A lost contact makes room in its block.
        #expect(fail(&table, contact(0, 0, at: 0x0B00_0000), isCertain: true).replacement != nil)
        #expect(table.count == 10)
    }

    @Test func loopbackAndConfiguredPrefixesAreSpared() {
        var table = table()
        for number in 0..<10 {
            _ = table.heard(from: contact(2, UInt64(number), at: 0x7F00_0001), roundTrip: nil, at: now)
            _ = table.heard(
                from: contact(2, UInt64(100 + number), at: 0x0A00_0000 + UInt32(number)), roundTrip: nil, at: now)
            _ = table.heard(
                from: contact(2, UInt64(200 + number), at: 0xC0A8_0000 + UInt32(number)), roundTrip: nil, at: now)
        }
        #expect(table.count == 22)
    }

    @Test func closestIsWhatSortingAllContactsGives() {
        var random = RandomSource(seed: 51)
        let own = NodeID(bits: .random(using: &random))
        var table = RoutingTable(
            nodeID: own, contacts: directory, configuration: SharedConfiguration(KademliaConfiguration()))
        for number in 0..<400 {
            let id = NodeID(bits: .random(using: &random))
            let contact = Contact(
                key: PublicSigningKey(bits: id.bits),
                endpoint: Endpoint(address: IPAddress(v4: UInt32(number + 1) << 8), port: 1), nodeID: id)
            _ = table.heard(from: directory.handle(of: contact)!, roundTrip: nil, at: now)
        }
        let all = table.handles
        for _ in 0..<50 {
            let target = Bits256.random(using: &random)
            let sorted = all.sorted { directory.bits($0) ^ target < directory.bits($1) ^ target }
            #expect(table.closest(to: target, count: 20) == Array(sorted.prefix(20)))
            #expect(table.closest(to: target, count: 9, excluding: directory.nodeID(sorted[0])) == Array(sorted[1...9]))
        }
        #expect(table.closest(to: own.bits, count: 500).count == all.count)
    }

    @Test func timeoutsFollowTheRoundTrips() {
        var estimate = RoundTripEstimate()
        #expect(estimate.hardTimeout == .seconds(3))
        for _ in 0..<50 { estimate.add(.milliseconds(100)) }
        #expect(estimate.shortTimeout < .milliseconds(110))
        #expect(estimate.hardTimeout == .milliseconds(500))
        for _ in 0..<50 { estimate.add(.seconds(9)) }
        #expect(estimate.hardTimeout == .seconds(3))
    }
}
