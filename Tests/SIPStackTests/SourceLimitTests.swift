import Primitives
import SIPMessages
import SIPStack
import Testing

/// Floods from one address, and answers to addresses that may be forged.
@Suite struct SourceLimitTests {
    private let mallory = Peer("mallory", "203.0.113.66:5060")
    private let alice = Peer("alice", "203.0.113.7:5060")

    private func harness(perSecond: Int = 10, burst: Int = 20, provenBurst: Int = 200) -> ServerHarness {
        var limits = SourceLimits()
        limits.strangers = .init(perSecond: perSecond, burst: burst)
        limits.proven = .init(perSecond: 100, burst: provenBurst)
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], sourceLimits: limits)
        harness.addUser("alice", password: "wonderland")
        return harness
    }

    private func options(_ harness: inout ServerHarness, from peer: Peer) -> Int? {
        harness.receive(harness.request(.options, "sip:example.org", from: peer), on: peer.flow)
        return harness.sentMessages().last?.statusCode
    }

    @Test func aFloodIsPassedOverAndOthersAreServed() {
        var harness = harness()
        let answers = (1...100).compactMap { _ in options(&harness, from: mallory) }
        #expect(answers.count == 20)
        #expect(options(&harness, from: alice) == 200)
        harness.advance(.seconds(1))
        #expect((1...100).compactMap { _ in options(&harness, from: mallory) }.count == 10)
    }

    @Test func aFloodIsToldOnceAMinute() {
        var harness = harness()
        var told = 0
        for _ in 1...3 {
            for _ in 1...100 {
                harness.receive(harness.request(.options, "sip:example.org", from: mallory), on: mallory.flow)
            }
            told += harness.actions.observations.filter { $0 == .flooded(from: mallory.flow.remote) }.count
            harness.actions = []
            harness.advance(.seconds(10))
        }
        #expect(told == 1)
    }

    @Test func neitherTrustedSourcesNorLoopbackAreLimited() {
        var harness = harness()
        for peer in [Peer("pbx", "198.51.100.1:5060"), Peer("local", "127.0.0.1:5070")] {
            #expect((1...100).compactMap { _ in options(&harness, from: peer) }.count == 100)
        }
    }

    @Test func aRightPasswordRaisesTheLimit() {
        var harness = harness(burst: 60)
        var client = DigestClient(user: "alice", password: "wonderland", random: RandomSource(seed: 9))
        for _ in 1...2 {
            let message = harness.request(.register, "sip:example.org", from: alice, to: "<sip:alice@example.org>")
            harness.receive(client.authorized(message), on: alice.flow)
            _ = client.learn(from: harness.sentMessages().last!)
        }
        #expect((1...150).compactMap { _ in options(&harness, from: alice) }.count == 150)
    }

    @Test func answersToOurRequestsAreNotCounted() throws {
        var harness = harness()
        let bob = Peer("bob", "203.0.113.9:5060")
        while options(&harness, from: bob) != nil {}
        let inside = Peer("carol", "198.51.100.7:5060")
        harness.receive(harness.request(.invite, "sip:bob@203.0.113.9", from: inside), on: inside.flow)
        let forwarded = try #require(harness.sent().first { $0.message.method == .invite })
        harness.receive(forwarded.message.response(180, toTag: "b"), on: bob.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [180])
        // Responses that nobody asked for are.
        harness.receive(forwarded.message.response(180, toTag: "b"), on: mallory.flow)
        while options(&harness, from: mallory) != nil {}
        harness.receive(forwarded.message.response(200, toTag: "b"), on: mallory.flow)
        #expect(harness.sent().isEmpty)
    }

    @Test func aConnectionThatFloodsIsClosed() {
        var harness = harness()
        let peer = Peer("mallory", "203.0.113.66:5060", transport: .tcp, connection: 3)
        for _ in 1...30 { harness.receive(harness.request(.options, "sip:example.org", from: peer), on: peer.flow) }
        #expect(harness.actions.contains { if case .transport(.close(peer.flow)) = $0 { true } else { false } })
    }

    // MARK: challenges

    /// RFC 3261 §26.3.2.4
    @Test func aChallengeIsSentOnceAndNotRemembered() {
        var harness = ServerHarness()
        harness.addUser("alice", password: "wonderland")
        let invite = harness.request(.invite, "sip:bob@example.org", from: alice)
        harness.receive(invite, on: alice.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
        #expect(harness.server.transactionCount == 0)
        harness.advance(.seconds(40))
        #expect(harness.sent().isEmpty)
        // The request again is a new one, and the ACK belongs to nothing.
        harness.receive(invite, on: alice.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
        harness.receive(harness.request(.ack, "sip:bob@example.org", from: alice), on: alice.flow)
        #expect(harness.sent().isEmpty && harness.server.transactionCount == 0)
    }

    @Test func challengesLargerThanTheirCauseGoOutSeldom() {
        var harness = harness(burst: 100)
        let short = SIPMessage.request(
            .register, uri: SIPURI("sip:example.org")!,
            headers: [
                (.via, "SIP/2.0/UDP 203.0.113.66;branch=z9hG4bKx"), (.from, "<sip:alice@example.org>;tag=1"),
                (.to, "<sip:alice@example.org>"), (.callID, "c"), (.cseq, "1 REGISTER"),
            ])
        let challenges = { (request: SIPMessage, peer: Peer) in
            (1...50).filter { _ in
                harness.receive(request, on: peer.flow)
                return harness.sentMessages().map(\.statusCode) == [401]
            }.count
        }
        // 100 tokens: 21 for each message with its answer.
        #expect(challenges(short, mallory) == 4)
        // A client that says as much as phones do costs its address no more than any message.
        let long = short.editing { $0.append("User-Agent", String(repeating: "phone ", count: 60)) }
        #expect(challenges(long, alice) == 50)
    }
}
