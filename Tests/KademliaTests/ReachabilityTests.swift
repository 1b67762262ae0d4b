import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct ReachabilityTests {
    let domain = TestDomain(seed: 121)

    /// Nodes that know nothing of their reachability at first; those in `hidden` sit behind a translator.
    private func network(
        _ count: Int, hidden: Set<Int> = [], seed: UInt64,
        configuration: KademliaConfiguration = KademliaConfiguration()
    ) -> VirtualNetwork {
        var configuration = configuration
        configuration.assumesReachable = false
        let network = VirtualNetwork(seed: seed, configuration: configuration)
        for index in 0..<count {
            network.add()
            network.nodes[index].isBehindTranslator = hidden.contains(index)
            let bootstrap = index == 0 ? [] : [network.nodes[0].contact.endpoint]
            network.perform(index, .join(bootstrap: bootstrap, remembered: []))
            network.run(for: .seconds(1))
        }
        network.run(for: .seconds(90))
        return network
    }

    private func knowing(_ index: Int, _ network: VirtualNetwork) -> [Int] {
        let handle = network.handle(index)
        return network.nodes.indices.filter { network.nodes[$0].core.table.references.contains(handle) }
    }

    private func standings(_ network: VirtualNetwork) -> [Reachability] {
        network.nodes.map { $0.core.reachability }
    }

    @Test(arguments: [1, 2, 3, 4, 8])
    func inSmallOverlaysEverybodyIsFound(count: Int) {
        let network = network(count, seed: UInt64(200 + count))
        #expect(standings(network) == Array(repeating: .full, count: count))
        #expect(network.nodes.allSatisfy { $0.core.contactCount == count - 1 })
        // Those who know each other so well that nobody is left to ask stay what they are.
        network.run(for: .hours(1))
        #expect(standings(network) == Array(repeating: .full, count: count))
        #expect(
            network.nodes.allSatisfy { node in
                !node.observations.contains { if case .reachability(.client) = $0 { true } else { false } }
            })
    }

    @Test(arguments: [3, 12, 40])
    func hiddenNodeIsAClientAndInNobodysTable(count: Int) {
        let hidden = count - 1
        let network = network(count, hidden: [hidden], seed: UInt64(300 + count))
        #expect(network.nodes[hidden].core.reachability == .client)
        #expect(standings(network).dropLast().allSatisfy { $0 == .full })
        #expect(knowing(hidden, network).isEmpty)
        #expect(network.nodes[hidden].core.contactCount > 0)
        let heard = network.nodes[hidden].observations.contains {
            if case .reachability(.client) = $0 { true } else { false }
        }
        #expect(heard)
        network.run(for: .hours(1))
        #expect(network.nodes[hidden].core.reachability == .client)
        #expect(knowing(hidden, network).isEmpty)
        #expect(standings(network).dropLast().allSatisfy { $0 == .full })
    }

    /// What a user wants at once, such as to register, does not have a hidden node speak to all before a stranger could
    /// call, and is done as soon as that is decided.
    @Test(arguments: [4, 9])
    func aHiddenNodeInAHurryIsAClientAllTheSame(count: Int) throws {
        let network = network(count, seed: UInt64(240 + count))
        let newcomer = network.add()
        network.nodes[newcomer].isBehindTranslator = true
        network.perform(newcomer, .join(bootstrap: [network.nodes[0].contact.endpoint], remembered: []))
        let alice = domain.user("alice").presence("1")
        for number in 0..<20 {
            network.perform(newcomer, .keep(StoreToken(UInt64(number + 1)), alice, StoreOptions()))
            network.perform(newcomer, .watch(WatchToken(UInt64(number + 1)), .presence, alice.resource))
            network.run(for: .milliseconds(100))
        }
        network.run(for: .seconds(5))
        #expect(!network.holders(of: alice).isEmpty)
        #expect(!network.nodes[newcomer].changes.isEmpty)
        network.run(for: .minutes(2))
        #expect(network.nodes[newcomer].core.reachability == .client)
    }

    @Test func nodesJoinAsFullOnesOnceAStrangerHasCalled() throws {
        let network = network(12, seed: 221)
        let newcomer = network.add()
        var firstAsClient = 0
        network.onSend = { from, _, message in
            guard from == newcomer, message.isFromClient else { return }
            firstAsClient += 1
        }
        network.perform(newcomer, .join(bootstrap: [network.nodes[0].contact.endpoint], remembered: []))
        network.run(for: .seconds(5))
        #expect(network.nodes[newcomer].core.reachability == .full)
        // The first word to the bootstrap address and the requests to be called.
        #expect(firstAsClient == 1 + ReachabilityState.mostAsked)
        #expect(knowing(newcomer, network).count == 12)
    }

    @Test func clientLooksUpAndStoresAndHoldsNothing() throws {
        let network = network(30, hidden: [29], seed: 222)
        let alice = domain.user("alice").presence("1", lasts: .hours(2))
        let outcome = try #require(network.store(alice, from: 29))
        #expect(outcome.replicas >= 16)
        #expect(!network.holders(of: alice).contains(29))
        #expect(try #require(network.find(.presence, alice.resource, from: 29)).records == [alice])
        #expect(try #require(network.find(.presence, alice.resource, from: 4)).records == [alice])
        // Whoever asks it all the same is told so.
        var refusals: [RecordRefusal?] = []
        network.onSend = { from, _, message in
            if from == 29, case .stored(let refusal, _) = message.body { refusals.append(refusal) }
            if from == 29, case .watching(let answer) = message.body { #expect(answer.seconds == 0) }
        }
        let bob = domain.user("bob").presence("1")
        network.perform(
            29, .received(Message(transaction: 1, body: .store(bob, expectedSequence: nil)), from: network.handle(3)))
        network.perform(
            29,
            .received(
                Message(transaction: 2, body: .watch(.presence, bob.resource, lease: 1, seconds: 300)),
                from: network.handle(3)))
        #expect(refusals == [.unwilling])
        #expect(network.nodes[29].core.heldRecords.count == 0 && network.nodes[29].core.leaseCount == 0)
    }

    @Test func changesReachAClientAfterTenMinutesOfSilence() throws {
        let network = network(30, hidden: [29], seed: 223)
        let alice = domain.user("alice")
        let first = alice.presence("1", sequence: 1, lasts: .hours(2))
        _ = network.store(first, from: 0)
        network.perform(29, .watch(WatchToken(1), .presence, first.resource))
        network.run(for: .minutes(10))
        let second = alice.presence("2", sequence: 2, lasts: .hours(2))
        network.perform(0, .store(StoreToken(99), second, StoreOptions()))
        network.run(for: .seconds(3))
        #expect(network.nodes[29].changes == [.added(first), .replaced(second)])
    }

    @Test func holdersOfManyLeasesArePingedOnce() throws {
        let network = network(4, hidden: [3], seed: 224)
        for number in 0..<5 {
            let record = domain.user("user\(number)").presence("1")
            network.perform(3, .watch(WatchToken(UInt64(number)), record.kind, record.resource))
        }
        network.run(for: .seconds(30))
        var pings = 0
        network.onSend = { from, _, message in if from == 3, case .ping = message.body { pings += 1 } }
        network.run(for: .seconds(100))
        #expect((12...20).contains(pings), "each of three holders every 20 to 25 s: \(pings)")
    }

    @Test func nodeThatGetsHiddenHandsOverWhatItHolds() throws {
        // Tables so small that a node does not know everybody, as in a large overlay.
        var configuration = KademliaConfiguration()
        configuration.bucketSize = 4
        configuration.wideBuckets = []
        configuration.replacements = 2
        let network = network(70, seed: 225, configuration: configuration)
        let records = (0..<8).map { domain.user("user\($0)").presence("x", lasts: .hours(5)) }
        for record in records { _ = network.store(record, from: 0) }
        let victim = try #require(network.holders(of: records[0]).last)
        network.nodes[victim].isBehindTranslator = true
        network.run(for: .hours(2))
        #expect(network.nodes[victim].core.reachability == .client)
        #expect(network.nodes[victim].core.heldRecords.count == 0)
        #expect(network.nodes[victim].journal.values.allSatisfy { !$0.isReplica })
        #expect(knowing(victim, network).isEmpty)
        for record in records { #expect(network.holders(of: record).count >= 4) }
    }

    @Test func clientThatCanBeReachedAgainBecomesFull() throws {
        let network = network(40, hidden: [39], seed: 226)
        #expect(network.nodes[39].core.reachability == .client)
        let record = domain.user("alice").presence("1", lasts: .hours(5))
        _ = network.store(record, from: 0)
        network.nodes[39].isBehindTranslator = false
        network.run(for: .minutes(40))
        #expect(network.nodes[39].core.reachability == .full)
        #expect(knowing(39, network).count > 16)
        let transitions = network.nodes[39].observations.compactMap {
            if case .reachability(let standing) = $0 { standing } else { nil }
        }
        #expect(transitions == [.client, .full])
    }

    @Test func oneMessageSetsRightWhatOthersBelieve() {
        let network = network(6, seed: 227)
        let sender = network.handle(4)
        #expect(knowing(4, network).contains(2))
        network.perform(2, .received(Message(transaction: 1, body: .ping, isFromClient: true), from: sender))
        #expect(!knowing(4, network).contains(2))
        let saysSo = network.nodes[2].observations.contains {
            if case .contactIsClient(network.nodes[4].contact) = $0 { true } else { false }
        }
        #expect(saysSo)
        network.perform(2, .received(Message(transaction: 2, body: .ping), from: sender))
        #expect(knowing(4, network).contains(2))
    }

    @Test func endpointIsWhatMostOthersSee() {
        let network = network(12, seed: 228)
        network.run(for: .minutes(20))
        for node in network.nodes { #expect(node.core.ownEndpoint == node.contact.endpoint) }
    }

    @Test func lossHidesNobody() {
        let network = network(12, seed: 232)
        network.loss = 0.05
        network.run(for: .hours(3))
        #expect(standings(network) == Array(repeating: .full, count: 12))
    }

    @Test func nodesThatStartAtOnceFindOutAsWell() {
        var configuration = KademliaConfiguration()
        configuration.assumesReachable = false
        let network = VirtualNetwork(seed: 233, configuration: configuration)
        let hidden = Set(stride(from: 5, to: 40, by: 5))
        for index in 0..<40 {
            network.add()
            network.nodes[index].isBehindTranslator = hidden.contains(index)
        }
        for index in 0..<40 {
            let bootstrap = index == 0 ? [] : [network.nodes[0].contact.endpoint]
            network.perform(index, .join(bootstrap: bootstrap, remembered: []))
        }
        network.run(for: .minutes(30))
        for index in 0..<40 where !hidden.contains(index) {
            #expect(network.nodes[index].core.reachability == .full)
        }
    }

    @Test func overlayOfWhichMostAreHiddenWorks() throws {
        let hidden = Set((0..<30).filter { $0 % 5 > 1 })
        let network = network(30, hidden: hidden, seed: 234)
        for index in network.nodes.indices {
            #expect(network.nodes[index].core.reachability == (hidden.contains(index) ? .client : .full))
        }
        for index in [2, 3, 4, 28, 29] {
            let record = domain.user("user\(index)").presence("here", lasts: .hours(2))
            #expect(try #require(network.store(record, from: index)).replicas == 12)
            #expect(try #require(network.find(.presence, record.resource, from: 7)).records == [record])
            #expect(Set(network.holders(of: record)).isDisjoint(with: hidden))
        }
    }

    @Test func restartedNodeAsksOneAtATime() throws {
        for isHidden in [true, false] {
            let network = network(6, hidden: isHidden ? [5] : [], seed: 235)
            network.run(for: .minutes(15))
            network.nodes[5].isAlive = false
            network.run(for: .minutes(10))
            #expect(network.nodes[5].remembered.count == 5)
            network.restart(5)
            network.run(for: .minutes(2))
            #expect(network.nodes[5].core.reachability == (isHidden ? .client : .full))
        }
    }

    // MARK: What others can make a node do

    @Test func nothingIsAmplified() {
        let network = network(20, seed: 229)
        var passedOn: [Int] = []
        var calls = 0
        network.onSend = { from, to, message in
            if case .callThis(let contact) = message.body {
                passedOn.append(to)
                // Whoever asks gets a call at the endpoint of its session and nowhere else.
                #expect(from == 3 && contact == network.handle(7))
            }
            if to == 7, case .ping = message.body { calls += 1 }
        }
        for number in 0..<100 {
            network.perform(
                3, .received(Message(transaction: UInt64(number), body: .callBack), from: network.handle(7)))
        }
        network.run(for: .seconds(2))
        #expect(passedOn.count == CallBackLimit.Bounds.passingOn.ofAsker)
        #expect(calls <= passedOn.count && calls > 0)
        #expect(!passedOn.contains(7))
    }

    /// A client that keeps the way open is told who wants to be called, as often as one asker may have others called;
    /// whoever is no client of that node is not.
    @Test func aClientIsToldWhomToCall() {
        let network = network(20, hidden: [19], seed: 231)
        network.run(for: .minutes(2))
        let client = network.nodes[19].contact.nodeID
        let doorkeepers = network.nodes[19].core.doorkeepers.map { handle in
            network.nodes.indices.first { network.handle($0) == handle }!
        }
        #expect(doorkeepers.count == 3)
        let asker = network.nodes.indices.first { !doorkeepers.contains($0) && $0 != 19 }!
        let other = network.nodes.indices.first { !doorkeepers.contains($0) && $0 != 19 && $0 != asker }!
        var told: [(by: Int, to: Int)] = []
        var calls = 0
        network.onSend = { from, to, message in
            if case .callThis(let contact) = message.body {
                told.append((from, to))
                #expect(contact == network.handle(asker))
            }
            if from == 19, to == asker, case .ping = message.body { calls += 1 }
        }
        func introduce(_ id: NodeID, at index: Int, times: Int) {
            for number in 0..<times {
                let message = Message(transaction: UInt64(number), body: .introduce(id))
                network.perform(index, .received(message, from: network.handle(asker)))
            }
        }
        introduce(network.nodes[other].contact.nodeID, at: doorkeepers[0], times: 1)
        introduce(client, at: other, times: 1)
        #expect(told.isEmpty)
        introduce(client, at: doorkeepers[0], times: 100)
        network.run(for: .seconds(2))
        #expect(told.count == CallBackLimit.Bounds.passingOn.ofAsker)
        #expect(told.allSatisfy { $0.by == doorkeepers[0] && $0.to == 19 })
        #expect(calls > 0 && calls <= told.count)
    }

    @Test func callsForOthersAreFewAndGoNowhereHarmful() {
        let network = network(8, seed: 230)
        var pings: [Endpoint] = []
        let directory = network.contacts
        func call(_ endpoint: Endpoint, as key: PublicSigningKey, asker: Int) {
            let target = directory.handle(of: Contact(key: key, endpoint: endpoint))!
            var actions: [Kademlia.Action] = []
            let message = Message(transaction: 1, body: .callThis(target))
            network.nodes[0].core.handle(
                .received(message, from: network.handle(asker)), at: network.now, into: &actions)
            for case .send(let message, .contact(let contact)) in actions where message.body == .ping {
                pings.append(directory[contact].endpoint)
            }
        }
        var random = RandomSource(seed: 1)
        func key() -> PublicSigningKey { SigningKeyPair(random: &random).publicKey }
        for text in ["127.0.0.1:5060", "0.0.0.0:7400", "224.0.0.1:7400", "255.255.255.255:7", "[ff02::1]:7400"] {
            call(Endpoint(text)!, as: key(), asker: 1)
        }
        call(Endpoint("198.51.100.7:0")!, as: key(), asker: 1)
        call(network.nodes[0].contact.endpoint, as: network.nodes[0].contact.key, asker: 1)
        #expect(pings.isEmpty)
        // One address is called seldom, whatever ports and whoever asks.
        for port in UInt16(1)...20 {
            let endpoint = Endpoint(address: IPAddress("198.51.100.7")!, port: port)
            call(endpoint, as: key(), asker: Int(port) % 7 + 1)
        }
        #expect(pings.count == CallBackLimit.Bounds.calling.forTarget)
        for last in 1...99 {
            let address = IPAddress(v4: 0xC633_6500 + UInt32(last))
            call(Endpoint(address: address, port: 7_400), as: key(), asker: last % 7 + 1)
        }
        #expect(pings.count == CallBackLimit.Bounds.calling.inAll)
    }

    @Test func nodeIsNotLostByALieAboutItsEndpoint() {
        let network = network(6, seed: 231)
        let honest = network.nodes[2].contact
        let lie = Contact(key: honest.key, endpoint: Endpoint("198.51.100.9:7400")!)
        let handle = network.contacts.handle(of: lie)!
        network.perform(0, .unreachable(.contact(handle)))
        #expect(knowing(2, network).contains(0))
        network.perform(0, .unreachable(.contact(network.handle(2))))
        #expect(!network.nodes[0].core.table.handles.contains(network.handle(2)))
    }
}
