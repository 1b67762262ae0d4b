import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct CachingTests {
    let domain = TestDomain(seed: 41)
    let start = TestDomain.epoch

    private func certificate(of name: String, sequence: Int64 = 1, lasts: Interval = .hours(48)) -> Record {
        let signer = domain.identity.signing
        return Record(
            kind: .certificate, domain: signer.publicKey, name: name, sequence: sequence, notAfter: start + lasts,
            value: domain.user(name).certificate.encode(), authority: .domain(signer.publicKey), signingWith: signer)
    }

    private func keepers(of record: Record, _ network: VirtualNetwork) -> [Int] {
        let resource = ResourceKey(record.identity)
        return network.nodes.indices.filter {
            !network.nodes[$0].core.cache.records(of: resource, at: network.now).isEmpty
        }
    }

    /// Node 0 keeps a record, as whoever writes one does.
    private func keep(_ record: Record, _ network: VirtualNetwork) {
        let token = StoreToken(UInt64(record.sequence))
        network.perform(0, .keep(token, record, StoreOptions()))
        network.run(for: .seconds(15))
    }

    /// A network in which readers left copies of the record; who they were, those farthest from it first.
    private func networkWithCopies(of record: Record, seed: UInt64) throws -> (VirtualNetwork, readers: [Int]) {
        // Small buckets, so that a reader has to ask its way to the storing nodes.
        var configuration = KademliaConfiguration()
        configuration.bucketSize = 4
        configuration.wideBuckets = []
        let network = VirtualNetwork.settled(80, seed: seed, configuration: configuration)
        keep(record, network)
        let readers = network.nodes.indices.sorted { a, b in
            network.nodes[b].contact.nodeID.bits ^ record.resource.bits
                < network.nodes[a].contact.nodeID.bits ^ record.resource.bits
        }
        for reader in readers.prefix(12) {
            let found = try #require(network.find(record.kind, record.resource, from: reader, quorum: 1))
            #expect(found.records == [record])
        }
        return (network, readers)
    }

    @Test func readersLeaveCopiesBeyondTheStoringNodes() throws {
        let record = certificate(of: "alice")
        let (network, readers) = try networkWithCopies(of: record, seed: 42)
        let keepers = keepers(of: record, network)
        #expect(!keepers.isEmpty && keepers.count <= 12)
        let storing = network.holders(of: record)
        #expect(Set(storing).isDisjoint(with: keepers))
        // Node 0 keeps what it wrote in its journal.
        #expect(keepers.allSatisfy { $0 == 0 || network.nodes[$0].journal[record.identity] == nil })
        #expect(keepers.allSatisfy { network.nodes[$0].core.heldRecords.count == 0 || !storing.contains($0) })
        // The storing nodes die: copies are all that is left, which only those who ask for little take for an answer.
        for index in storing { network.nodes[index].isAlive = false }
        // Not every way leads past them.
        let reader = try #require(
            readers.first { reader in
                guard network.nodes[reader].isAlive, !keepers.contains(reader) else { return false }
                return network.find(.certificate, record.resource, from: reader, quorum: 1)?.records == [record]
            })
        let hasty = try #require(network.find(.certificate, record.resource, from: reader, quorum: 1))
        #expect(hasty.records == [record] && hasty.holders == 0)
        let thorough = try #require(network.find(.certificate, record.resource, from: reader, quorum: 2))
        #expect(thorough.holders == 0)
        #expect(thorough.closest.count == 4, "copies did not end the lookup")
        // Nobody gives copies of copies, so after the longest stay none is left.
        network.run(for: .minutes(11))
        #expect(self.keepers(of: record, network).isEmpty)
        #expect(network.nodes.allSatisfy { $0.core.cache.count == 0 || !$0.isAlive })
        let late = try #require(network.find(.certificate, record.resource, from: reader, quorum: 1))
        #expect(late.records.isEmpty)
    }

    // With 58 the writer was one of the holders and is beside the smaller region.
    @Test(arguments: [43, 44, 45, 58] as [UInt64])
    func anUpdateIsSeenAfterTheAgeLimitAtTheLatest(seed: UInt64) throws {
        let old = certificate(of: "alice")
        let (network, readers) = try networkWithCopies(of: old, seed: seed)
        #expect(!keepers(of: old, network).isEmpty)
        let new = certificate(of: "alice", sequence: 2)
        let former = network.holders(of: old)
        keep(new, network)
        // The region of a resource, by an estimate, may have grown smaller: those who held the old one get it all the same.
        #expect(Set(former).isSubset(of: network.holders(of: new)))
        // Who asks for the word of two storing nodes sees it at once.
        for reader in readers.prefix(6) {
            let found = try #require(network.find(.certificate, old.resource, from: reader, quorum: 2))
            #expect(found.records == [new] && found.holders >= 2)
        }
        // Others may be given copies, which are read again and again without living longer for it.
        for minute in 0..<10 {
            for reader in readers.dropFirst(6).prefix(6) {
                let token = LookupToken(UInt64(9_000 + minute * 100 + reader))
                network.perform(
                    reader, .lookUp(token, .certificate, old.resource, LookupOptions(quorum: 1)))
                network.run(for: .seconds(10))
                let found = try #require(network.nodes[reader].found[token])
                #expect(found.records == [new] || found.records == [old] && found.holders == 0)
            }
        }
        network.run(for: .seconds(10))
        for reader in readers {
            let found = try #require(network.find(.certificate, old.resource, from: reader, quorum: 1))
            #expect(found.records == [new])
        }
    }

    @Test func whereSomebodyIsIsNeverCached() throws {
        let network = VirtualNetwork.settled(40, seed: 46)
        let record = domain.user("alice").presence("here")
        _ = network.store(record, from: 0)
        for reader in network.nodes.indices { _ = network.find(.presence, record.resource, from: reader, quorum: 1) }
        #expect(keepers(of: record, network).isEmpty)
        // Nor is it taken when somebody gives it unasked.
        let holders = network.holders(of: record)
        let stranger = try #require(network.nodes.indices.first { !holders.contains($0) })
        receive(.cache([record]), at: stranger, from: 0, network)
        #expect(network.nodes[stranger].core.cache.count == 0)
    }

    @Test func onlyWhatIsValidIsTakenAndAStoreWins() throws {
        let network = VirtualNetwork.settled(24, seed: 47)
        let (alice, bob) = (certificate(of: "alice"), certificate(of: "bob"))
        var bytes = alice.encoded
        bytes[bytes.count - 1] ^= 1
        let forged = try Record(decoding: bytes)
        for records in [[], [forged], [alice, bob], [alice, forged]] {
            receive(.cache(records), at: 5, from: 6, network)
            #expect(network.nodes[5].core.cache.count == 0)
        }
        receive(.cache([alice]), at: 5, from: 6, network)
        #expect(keepers(of: alice, network) == [5])
        receive(.store(alice, expectedSequence: nil), at: 5, from: 6, network)
        #expect(keepers(of: alice, network).isEmpty)
        #expect(network.nodes[5].core.heldRecord(alice.identity) == alice)
        receive(.cache([certificate(of: "alice", sequence: 3)]), at: 5, from: 6, network)
        #expect(network.nodes[5].core.cache.count == 0)
    }

    @Test func ageLimitHalvesWithEachDoublingOfTheNodesBetween() {
        let directory = ContactDirectory(capacity: 8, exemptPrefixes: [])
        var random = RandomSource(seed: 48)
        let key = SigningKeyPair(random: &random).publicKey
        var core = Kademlia(
            self: key, configuration: KademliaConfiguration(), random: random.split(), contacts: directory)
        let spacing = 0x1p-20
        for _ in 0..<3 { core.density.add(distance: Bits256(fraction: spacing * 16), rank: 16) }
        func limit(_ nodes: Double) -> Double {
            let target = key.nodeID.bits ^ Bits256(fraction: spacing * nodes)
            return core.ageLimit(of: ResourceID(bits: target)).inSeconds
        }
        #expect(limit(1) == 600 && limit(15) == 600)
        for (nodes, seconds) in [(32.0, 300.0), (64, 150), (128, 75), (256, 37.5), (4_096, 2.34375)] {
            #expect(abs(limit(nodes) - seconds) < 0.01)
        }
    }

    @Test func cacheIsBoundedAndCopiesDoNotOutliveTheFirst() {
        var cache = RecordCache()
        let records = (0..<20).map { certificate(of: "user\($0)") }
        let size = records[19].encoded.count
        for (number, record) in records.enumerated() {
            // The later it came, the sooner it ends.
            cache.add(
                [record], of: ResourceKey(record.identity), until: start + .seconds(600 - number), most: size * 5,
                at: start)
            #expect(cache.bytes <= size * 5)
        }
        #expect(cache.count == 5)
        func held(_ number: Int, after seconds: Int = 0) -> [Record] {
            cache.records(of: ResourceKey(records[number].identity), at: start + .seconds(seconds))
        }
        #expect(held(0) == [records[0]] && held(3) == [records[3]] && held(19) == [records[19]])
        #expect(held(10).isEmpty, "those that end first make room")
        let newer = certificate(of: "user0", sequence: 2)
        let older = certificate(of: "user0", sequence: 1, lasts: .hours(10))
        for record in [newer, older] {
            cache.add(
                [record], of: ResourceKey(record.identity), until: start + .hours(1), most: size * 5, at: start)
        }
        #expect(held(0, after: 599) == [newer])
        #expect(held(0, after: 600).isEmpty)
        cache.tidy(at: start + .seconds(600))
        #expect(cache.count == 0 && cache.bytes == 0)
    }

    private func receive(_ body: Message.Body, at index: Int, from sender: Int, _ network: VirtualNetwork) {
        network.perform(index, .received(Message(transaction: 7 << 20, body: body), from: network.handle(sender)))
    }
}
