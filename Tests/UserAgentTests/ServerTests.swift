import Primitives
import SIPMessages
import Testing
import UserAgent

/// User agents at one SIP server with its presence agent.
struct ServerTests {
    private static let placed = CallNumber.placed(1)
    private static let received = CallNumber.received(1)

    private static func network(
        seed: Int, loss: Double = 0
    ) -> (TestNetwork, server: Endpoint, alice: Endpoint, bob: Endpoint) {
        var network = TestNetwork(seed: UInt64(seed), loss: loss)
        let server = network.addServer(port: 5_060, accounts: ["alice", "bob"])
        let alice = network.add("alice", port: 40_001, proxy: server)
        let bob = network.add("bob", port: 40_002, proxy: server)
        return (network, server, alice, bob)
    }

    private static let alice = AddressOfRecord("alice@example.org")!
    private static let bob = AddressOfRecord("bob@example.org")!

    private static func register(_ network: inout TestNetwork, _ agents: [Endpoint]) -> Bool {
        for agent in agents { network.tell(agent, .register) }
        return network.run(for: .seconds(60)) { network in agents.allSatisfy { network.has($0, "registered") } }
    }

    @Test(arguments: 1...20) func theWholeStoryPassesThroughAServerThatLosesDatagrams(seed: Int) {
        var (network, _, alice, bob) = Self.network(seed: seed, loss: seed % 2 == 0 ? 0.2 : 0)
        #expect(Self.register(&network, [alice, bob]))
        network.tell(alice, .publish(OwnPresence(isOpen: true, note: "here")))
        network.tell(bob, .watch(Self.alice))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "presenceOf alice@example.org open here") })
        network.tell(alice, .publish(OwnPresence(isOpen: true, note: "at <lunch> & away", activity: .away)))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "presenceOf alice@example.org open at <lunch> & away") })
        network.tell(bob, .sendMessage(1, to: SIPURI(Self.alice), text: "hello"))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "messageDelivered 1") })
        #expect(network.has(alice, "messageReceived bob@example.org hello"))
        network.tell(alice, .call(Self.placed, to: SIPURI(Self.bob)))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "incomingCall") })
        network.tell(bob, .answer(Self.received))
        #expect(network.run(for: .seconds(60)) { $0.has(alice, "callAnswered") && $0.has(bob, "callAnswered") })
        network.tell(bob, .end(Self.received))
        #expect(network.run(for: .seconds(60)) { $0.has(alice, "callEnded") && $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .endedThere)
        network.tell(bob, .unwatch(Self.alice))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "watchEnded alice@example.org ended") })
        network.tell(alice, .unpublish)
        network.tell(alice, .unregister)
        #expect(network.run(for: .seconds(60)) { $0.has(alice, "unregistered") && $0.has(alice, "unpublished") })
    }

    @Test(arguments: 1...5) func registrationsPublicationsAndSubscriptionsOutliveTheirTime(seed: Int) {
        var (network, _, alice, bob) = Self.network(seed: seed)
        #expect(Self.register(&network, [alice, bob]))
        network.tell(alice, .publish(OwnPresence(isOpen: true, note: "here")))
        network.tell(bob, .watch(Self.alice))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "presenceOf alice@example.org open here") })
        // Three times what was asked for.
        network.run(for: .seconds(1_800))
        for agent in [alice, bob] {
            #expect(!network.reports(agent).contains { $0.contains("Failed") || $0.contains("Ended") })
        }
        network.tell(alice, .publish(OwnPresence(isOpen: false, note: "gone")))
        network.tell(bob, .sendMessage(1, to: SIPURI(Self.alice), text: "still there?"))
        #expect(network.run(for: .seconds(10)) { $0.has(bob, "presenceOf alice@example.org closed gone") })
        #expect(network.run(for: .seconds(10)) { $0.has(bob, "messageDelivered 1") })
    }

    @Test func anAnsweredCallCanBeCancelledThroughTheServer() {
        var (network, _, alice, bob) = Self.network(seed: 11)
        #expect(Self.register(&network, [alice, bob]))
        network.tell(alice, .call(Self.placed, to: SIPURI(Self.bob)))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "ringing") })
        network.tell(alice, .end(Self.placed))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "callEnded") && $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .cancelled)
        #expect(network.end(of: Self.received, at: bob) == .cancelled)
    }

    @Test func aWrongPasswordIsToldOnceAndNotTriedAgain() {
        var network = TestNetwork(seed: 12)
        let server = network.addServer(port: 5_060, accounts: ["alice"])
        let alice = network.add("alice", port: 40_001, password: "wrong", proxy: server)
        network.tell(alice, .register)
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "registrationFailed 40") })
        let sent = network.sent.filter { $0.method == .register }.count
        #expect(sent == 2)
        network.run(for: .seconds(3_600))
        #expect(network.sent.filter { $0.method == .register }.count == sent)
    }

    @Test func somebodyUnknownOrAwayCantBeReached() {
        var (network, _, alice, bob) = Self.network(seed: 13)
        #expect(Self.register(&network, [alice]))
        _ = bob
        network.tell(alice, .sendMessage(1, to: SIPURI(Self.bob), text: "there?"))
        network.tell(alice, .sendMessage(2, to: SIPURI("sip:nobody@example.org")!, text: "there?"))
        network.tell(alice, .call(Self.placed, to: SIPURI(Self.bob)))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "callEnded") && $0.has(alice, "messageFailed 2") })
        #expect(network.has(alice, "messageFailed 1 480"))
        #expect(network.has(alice, "messageFailed 2 404"))
        guard case .rejected(status: 480, _)? = network.end(of: Self.placed, at: alice) else {
            Issue.record("\(network.reports(alice))")
            return
        }
    }

    @Test func aServerThatComesBackIsFoundAgain() {
        var (network, server, alice, _) = Self.network(seed: 14)
        #expect(Self.register(&network, [alice]))
        network.kill(server)
        #expect(network.run(for: .seconds(1_200)) { $0.has(alice, "registrationFailed 408") })
        // The new server knows neither the binding nor the nonces of the old one.
        _ = network.addServer(port: 5_060, accounts: ["alice"])
        #expect(
            network.run(for: .seconds(1_200)) { network in
                network.reports(alice).filter { $0 == "registered" }.count == 2
            })
    }
}
