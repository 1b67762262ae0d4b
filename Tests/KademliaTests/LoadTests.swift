import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct LoadTests {
    let domain = TestDomain(seed: 31)

    /// Ten times smaller than the default, so that a flood is some thousands of messages.
    private func configuration() -> KademliaConfiguration {
        var configuration = KademliaConfiguration()
        configuration.requestTokensPerSecond = 100
        configuration.requestTokensAtOnce = 400
        return configuration
    }

    /// Whoever floods a storing node with a hundred times of what it may ask takes nothing from the others.
    @Test func floodedNodeServesItsNeighboursAsBefore() throws {
        let network = VirtualNetwork.settled(12, seed: 32, configuration: configuration())
        let (victim, flooder) = (4, 9)
        let mallory = domain.user("mallory")
        let known = mallory.document(path: "known", [1])
        _ = network.store(known, from: flooder)
        let start = network.now
        var flood: [Record] = []
        for number in 0..<64 {
            // Signatures that are wrong: each is another one to verify.
            let record = mallory.document(path: "flood/\(number)", [UInt8(number)])
            flood.append(record)
        }
        let user = domain.user("alice")
        var stored: [Record] = []
        var sent = 0
        for round in 0..<200 {
            for _ in 0..<100 {
                sent += 1
                let record = forged(flood[sent % flood.count], UInt64(sent))
                receive(.store(record, expectedSequence: nil), at: victim, from: flooder, network)
                receive(.fetch(.document, known.resource, after: nil, known: .none), at: victim, from: flooder, network)
            }
            if round % 20 == 0 {
                let record = user.document(path: "mine/\(round)", [UInt8(round)])
                stored.append(record)
                network.perform(round / 20 % 4, .store(StoreToken(UInt64(round)), record, StoreOptions()))
                network.perform(
                    7, .lookUp(LookupToken(UInt64(round)), .document, known.resource, LookupOptions(quorum: 12)))
            }
            network.run(for: .milliseconds(50))
        }
        network.run(for: .seconds(10))
        for (index, record) in stored.enumerated() {
            let round = UInt64(index * 20)
            let outcome = try #require(network.nodes[index % 4].stored[StoreToken(round)])
            #expect(outcome.replicas == 12 && outcome.unanswered == 0, "store \(index)")
            #expect(network.holders(of: record).contains(victim))
            let found = try #require(network.nodes[7].found[LookupToken(round)])
            #expect(found.records == [known] && found.holders == 12 && found.trace.timeouts == 0, "lookup \(index)")
        }
        let verified = network.nodes[victim].observations.count {
            if case .refused(_, .forged, _) = $0 { true } else { false }
        }
        // 400 tokens at once and 100 a second for 10 s; a store and a fetch together take 7.
        let seconds = (network.now - start).inSeconds
        #expect(verified >= 100)
        #expect(verified <= Int(400 + 100 * seconds) / 5, "\(verified) of \(sent) stores were verified")
        #expect(network.nodes[victim].core.heldRecord(flood[0].identity) == nil)
        // It is heard again once it asks less.
        let late = mallory.document(path: "late", [9])
        #expect(try #require(network.store(late, from: flooder)).replicas == 12)
    }

    @Test func anAddressIsLimitedHoweverManyNodesItHas() {
        var limiter = RequestLimiter()
        var random = RandomSource(seed: 33)
        let limits = configuration()
        let now = TestDomain.epoch
        func admitted(_ address: IPAddress, nodes: Int) -> Int {
            var count = 0
            for port in 0..<nodes {
                let key = SigningKeyPair(random: &random).publicKey
                let contact = Contact(key: key, endpoint: Endpoint(address: address, port: UInt16(port + 1)))
                for _ in 0..<500 where limiter.admits(1, from: contact, limits: limits, at: now) { count += 1 }
            }
            return count
        }
        // What was asked before anything had to be counted comes on top.
        let many = admitted(IPAddress(v4: 0x0101_0101), nodes: 20)
        #expect(many >= 1_600 && many <= 2_000)
        #expect(admitted(IPAddress(v4: 0x0202_0202), nodes: 1) == 400)
        #expect(limiter.isCounting)
        limiter.tidy(at: now + .seconds(3))
        #expect(limiter.isCounting, "the bucket of all is not full yet")
        limiter.tidy(at: now + .seconds(5))
        #expect(!limiter.isCounting)
    }

    @Test func nothingIsCountedWhileAllTogetherAskForLittle() {
        let network = VirtualNetwork.settled(30, seed: 34)
        network.run(for: .minutes(5))
        #expect(network.nodes.allSatisfy { !$0.core.limiter.isCounting })
    }

    @Test func loopbackAndExemptPrefixesAreNotLimited() {
        var exempting = configuration()
        exempting.exemptPrefixes = [AddressPrefix("10.0.0.0/8")!]
        let directory = ContactDirectory(capacity: 8, exemptPrefixes: exempting.exemptPrefixes)
        var random = RandomSource(seed: 35)
        let own = SigningKeyPair(random: &random).publicKey
        var core = Kademlia(self: own, configuration: exempting, random: random.split(), contacts: directory)
        func answers(_ address: IPAddress) -> Int {
            let key = SigningKeyPair(random: &random).publicKey
            let contact = directory.handle(of: Contact(key: key, endpoint: Endpoint(address: address, port: 1)))!
            var count = 0
            for number in 0..<1_000 {
                var actions: [Kademlia.Action] = []
                let message = Message(transaction: UInt64(number), body: .ping)
                core.handle(.received(message, from: contact), at: TestDomain.epoch, into: &actions)
                count += actions.count { if case .send(let answer, _) = $0 { answer.isAnswer } else { false } }
            }
            return count
        }
        #expect(answers(IPAddress("127.0.0.1")!) == 1_000)
        #expect(answers(IPAddress("10.9.8.7")!) == 1_000)
        // The bucket of all, and then its own.
        #expect(answers(IPAddress("192.0.2.1")!) == 800)
        #expect(answers(IPAddress("192.0.2.2")!) == 400)
    }

    @Test func whatIsDroppedIsNotEvenRead() {
        let network = VirtualNetwork.settled(3, seed: 36, configuration: configuration())
        let ping = Message(transaction: 1, body: .ping)
        let bytes = ping.encode(contacts: network.contacts)
        let pong = Message(transaction: 1, body: .pong(observed: network.nodes[0].contact.endpoint))
        let (flooder, other) = (network.handle(1), network.handle(2))
        let now = network.now
        for _ in 0..<1_000 { network.perform(0, .received(ping, from: flooder)) }
        func drops(_ bytes: [UInt8], from contact: ContactHandle, after interval: Interval = .zero) -> Bool {
            network.nodes[0].core.drops(bytes, from: contact, at: now + interval)
        }
        let before = network.nodes[0].core.traffic.dropped.total
        #expect(before == 200, "1,000 came, and two buckets of 400 were taken from")
        #expect(drops(bytes, from: flooder))
        #expect(!drops(bytes, from: other))
        #expect(!drops(pong.encode(contacts: network.contacts), from: flooder))
        #expect(!drops(bytes, from: flooder, after: .seconds(1)))
        #expect(network.nodes[0].core.traffic.dropped.total == before + 1)
    }

    /// A store that gets many records at once is not to run into the limits of those that it hands them to.
    @Test func handOversKeepWithinTheLimits() {
        var configuration = configuration()
        configuration.handOversPerSecond = 10
        let network = VirtualNetwork(seed: 37, configuration: configuration)
        network.addAndJoin()
        let alice = domain.user("alice")
        let records = (0..<120).map { alice.document(path: "\($0)", [UInt8($0)]) }
        for (number, record) in records.enumerated() {
            network.perform(0, .store(StoreToken(UInt64(number)), record, StoreOptions()))
        }
        network.addAndJoin()
        network.run(for: .seconds(5))
        let early = records.count { network.holders(of: $0).contains(1) }
        #expect(early >= 20 && early <= 60, "\(early) handed over in five seconds")
        network.run(for: .seconds(15))
        #expect(records.allSatisfy { network.holders(of: $0).contains(1) })
    }

    private func receive(
        _ body: Message.Body, at index: Int, from sender: Int, _ network: VirtualNetwork
    ) {
        network.perform(
            index, .received(Message(transaction: 7 << 20, body: body), from: network.handle(sender)))
    }

    /// The record with another signature, which is wrong.
    private func forged(_ record: Record, _ number: UInt64) -> Record {
        var bytes = record.encoded
        withUnsafeBytes(of: number.littleEndian) { noise in
            for index in 0..<8 { bytes[bytes.count - 64 + index] ^= noise[index] }
        }
        return try! Record(decoding: bytes)
    }
}
