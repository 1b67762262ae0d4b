import Primitives
import SIPMessages
import SIPStack
import Testing
import UserAgent

/// Two user agents with nothing between them, on networks that lose datagrams.
struct DirectCallTests {
    private static let placed = CallNumber.placed(1)
    private static let received = CallNumber.received(1)

    private static func uri(_ user: String, _ endpoint: Endpoint) -> SIPURI { SIPURI(endpoint, user: user) }

    private static func pair(seed: UInt64, loss: Double = 0) -> (TestNetwork, alice: Endpoint, bob: Endpoint) {
        var network = TestNetwork(seed: seed, loss: loss)
        let alice = network.add("alice", port: 5_060)
        let bob = network.add("bob", port: 5_070)
        return (network, alice, bob)
    }

    @Test(arguments: 1...20) func aCallIsSetUpAnsweredAndEndedThoughDatagramsAreLost(seed: Int) {
        var (network, alice, bob) = Self.pair(seed: UInt64(seed), loss: seed % 2 == 0 ? 0.3 : 0)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(40)) { $0.has(bob, "incomingCall") })
        network.tell(bob, .answer(Self.received))
        #expect(network.run(for: .seconds(40)) { $0.has(alice, "callAnswered") && $0.has(bob, "callAnswered") })
        network.tell(alice, .end(Self.placed))
        #expect(network.run(for: .seconds(40)) { $0.has(alice, "callEnded") && $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .endedHere)
        #expect(network.end(of: Self.received, at: bob) == .endedThere)
        #expect(network.reports(alice).filter { $0.hasPrefix("callAnswered") }.count == 1)
        #expect(network.reports(bob).filter { $0.hasPrefix("callAnswered") }.count == 1)
        // Every transaction is forgotten in the end, and nothing is repeated for ever.
        network.run(for: .seconds(120))
        #expect(network.agent(at: alice)?.nextDeadline == nil)
        #expect(network.agent(at: bob)?.nextDeadline == nil)
    }

    @Test(arguments: 1...10) func aCallThatIsNotAnsweredIsGivenUp(seed: Int) {
        var (network, alice, bob) = Self.pair(seed: UInt64(seed), loss: seed > 5 ? 0.3 : 0)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(40)) { $0.has(alice, "ringing") || $0.has(bob, "incomingCall") })
        network.tell(alice, .end(Self.placed))
        #expect(network.run(for: .seconds(80)) { $0.has(alice, "callEnded") && $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .cancelled)
        #expect(network.end(of: Self.received, at: bob) == .cancelled)
    }

    @Test func aCallGivenUpBeforeAnythingCameBackIsCancelledWhenItRings() {
        var (network, alice, bob) = Self.pair(seed: 3)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        network.tell(alice, .end(Self.placed))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "callEnded") })
        #expect(network.end(of: Self.received, at: bob) == .cancelled)
        let answers = network.sent.filter { $0.statusCode == 487 }
        #expect(!answers.isEmpty)
    }

    @Test func anAnswerThatCrossesTheCancelIsAcknowledgedAndEnded() {
        var (network, alice, bob) = Self.pair(seed: 4)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "ringing") })
        network.tell(bob, .answer(Self.received))
        network.tell(alice, .end(Self.placed))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "callEnded") && $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .cancelled)
        #expect(network.end(of: Self.received, at: bob) == .endedThere)
        #expect(network.sent.contains { $0.method == .bye })
    }

    @Test func aBusyPersonTurnsACallAway() {
        var (network, alice, bob) = Self.pair(seed: 5)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(10)) { $0.has(bob, "incomingCall") })
        network.tell(bob, .reject(Self.received, status: 486))
        #expect(network.run(for: .seconds(10)) { $0.has(alice, "callEnded") })
        #expect(network.end(of: Self.placed, at: alice) == .rejected(status: 486, reason: "Busy Here"))
        #expect(network.end(of: Self.received, at: bob) == .rejectedHere(status: 486))
    }

    @Test func nobodyThereEndsTheCallAfterTimerB() {
        var (network, alice, bob) = Self.pair(seed: 6)
        network.kill(bob)
        let start = network.now
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(60)) { $0.has(alice, "callEnded") })
        // RFC 3261 §17.1.1.2: timer B is 64*T1.
        #expect(network.now - start == .seconds(32))
        #expect(network.end(of: Self.placed, at: alice) == .rejected(status: 408, reason: "No answer"))
    }

    @Test func anAnswerThatIsNeverAcknowledgedEndsTheCall() {
        var (network, alice, bob) = Self.pair(seed: 7)
        network.tell(alice, .call(Self.placed, to: Self.uri("bob", bob)))
        #expect(network.run(for: .seconds(10)) { $0.has(bob, "incomingCall") })
        network.kill(alice)
        let start = network.now
        network.tell(bob, .answer(Self.received))
        #expect(network.run(for: .seconds(60)) { $0.has(bob, "callEnded") })
        #expect(network.end(of: Self.received, at: bob) == .notAcknowledged)
        // RFC 3261 §13.3.1.4: 64*T1, with the 2xx repeated at T1, 2*T1, … up to T2 apart.
        #expect(network.now - start == .seconds(32))
        #expect(network.sent.filter { $0.statusCode == 200 }.count == 11)
        #expect(network.sent.last { $0.isRequest }?.method == .bye)
    }

    @Test(arguments: 1...10) func aTextArrivesOnce(seed: Int) {
        var (network, alice, bob) = Self.pair(seed: UInt64(seed), loss: 0.3)
        network.tell(alice, .sendMessage(7, to: Self.uri("bob", bob), text: "Grüße & <more>"))
        #expect(network.run(for: .seconds(32)) { $0.has(alice, "messageDelivered") })
        network.run(for: .seconds(60))
        #expect(network.reports(bob) == ["messageReceived alice@example.org Grüße & <more>"])
        #expect(network.reports(alice) == ["messageDelivered 7"])
    }

    @Test func nothingIsPublishedOrRegisteredWithoutAServer() {
        var (network, alice, _) = Self.pair(seed: 8)
        network.tell(alice, .register)
        #expect(network.reports(alice) == ["registrationFailed 503"])
        #expect(network.sent.isEmpty)
    }
}
