import Primitives
import SIPMessages
import Testing

@testable import SIPStack

@Suite struct SIPServerTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let stranger = Peer("eve", "203.0.113.5:5060")

    private func ask(_ harness: inout ServerHarness, _ message: SIPMessage, from peer: Peer) -> SIPMessage? {
        harness.receive(message, on: peer.flow)
        return harness.sentMessages().last
    }

    @Test func optionsSaysWhatIsSupported() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        for uri in ["sip:example.org", "sip:192.0.2.1:5060"] {
            let response = try #require(ask(&harness, harness.request(.options, uri, from: alice), from: alice))
            #expect(response.statusCode == 200)
            #expect(try response.allow.contains(.register))
            #expect(try response.to.tag != nil)
            #expect(response.contains(.accept) && response.contains(.supported))
        }
        let small = harness.request(.options, "sip:example.org", from: stranger)
        let response = try #require(ask(&harness, small, from: stranger))
        #expect(response.statusCode == 200 && response.bytes.count <= small.bytes.count)
    }

    @Test func whatIsNotForTheServerIsRefused() {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        #expect(ask(&harness, harness.request(.info, "sip:example.org", from: alice), from: alice)?.statusCode == 405)
        let inDialog = harness.request(.bye, "sip:192.0.2.1:5060", from: alice, to: "<sip:x@example.org>;tag=1")
        #expect(ask(&harness, inDialog, from: alice)?.statusCode == 481)
        let notify = harness.request(.notify, "sip:192.0.2.1:5060", from: stranger)
        #expect(ask(&harness, notify, from: stranger)?.statusCode == 481)
        let required = harness.request(
            .options, "sip:example.org", from: alice, headers: [(.require, "nothing-known")])
        #expect(ask(&harness, required, from: alice)?.statusCode == 420)
    }

    @Test func eventPackagesAreHandedUpWithTheSender() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.addUser("alice", password: "x")
        let subscribe = harness.request(
            .subscribe, "sip:bob@example.org", from: alice, headers: [(.event, "presence")])
        harness.receive(subscribe, on: alice.flow)
        let (id, request, sender) = try #require(harness.actions.handedUp.first)
        #expect(request.method == .subscribe)
        #expect(sender == AddressOfRecord("alice@example.org"))
        harness.actions = []
        harness.handle(.respond(id, request.response(202, toTag: "n")))
        #expect(harness.sentMessages().map(\.statusCode) == [202])
        // From outside a password is asked for, by 401.
        let outside = Peer("alice", "203.0.113.5:5060")
        let challenge = ask(
            &harness,
            harness.request(.publish, "sip:alice@example.org", from: outside, headers: [(.event, "presence")]),
            from: outside)
        #expect(challenge?.statusCode == 401)
        var client = DigestClient(user: "alice", password: "x", random: RandomSource(seed: 3))
        _ = client.learn(from: try #require(challenge))
        let publish = client.authorized(
            harness.request(.publish, "sip:alice@example.org", from: outside, headers: [(.event, "presence")]))
        harness.receive(publish, on: outside.flow)
        #expect(harness.actions.handedUp.first?.2 == AddressOfRecord("alice@example.org"))
    }

    @Test func packagesServedByPhonesAreForwarded() {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.register(Peer("bob", "198.51.100.9:5060"))
        let subscribe = harness.request(
            .subscribe, "sip:bob@example.org", from: alice, headers: [(.event, "dialog")])
        harness.receive(subscribe, on: alice.flow)
        #expect(harness.actions.handedUp.isEmpty)
        harness.handle(.resolved(harness.actions.lookUps[0].0, []))
        #expect(harness.sentMessages().map(\.method) == [.subscribe])
    }

    @Test func whatIsHandedUpAndForgottenGets500() {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.receive(
            harness.request(.publish, "sip:alice@example.org", from: alice, headers: [(.event, "presence")]),
            on: alice.flow)
        harness.actions = []
        harness.advance(.seconds(21))
        #expect(harness.sentMessages().compactMap(\.statusCode) == [100, 500])
    }

    @Test func thisIsNoOpenRelay() {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        let outside = harness.request(
            .invite, "sip:x@203.0.113.99", from: stranger, domain: "elsewhere.example")
        #expect(ask(&harness, outside, from: stranger)?.statusCode == 403)
        let pretended = harness.request(.invite, "sip:x@203.0.113.99", from: stranger)
        #expect(ask(&harness, pretended, from: stranger)?.statusCode == 407)
        let inbound = harness.request(
            .message, "sip:nobody@example.org", from: stranger, domain: "elsewhere.example")
        harness.receive(inbound, on: stranger.flow)
        #expect(harness.actions.lookUps.count == 1)
        harness.actions = []
        let local = harness.request(.message, "sip:x@203.0.113.99", from: alice)
        harness.receive(local, on: alice.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(Endpoint("203.0.113.99:5060")!)])
    }

    @Test func otherDomainsAreLookedUp() {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        let message = harness.request(.message, "sip:bob@other.example", from: alice)
        harness.receive(message, on: alice.flow)
        #expect(harness.actions.lookUps.map(\.1) == [AddressOfRecord("bob@other.example")!])
    }

    @Test func sourcesThatAreNotAllowedHearNothing() {
        var harness = ServerHarness(allowedSources: ["127.0.0.0/8"])
        harness.receive(harness.request(.options, "sip:example.org", from: stranger), on: stranger.flow)
        #expect(harness.actions.observations == [.sourceRefused(.endpoint(stranger.endpoint))])
        #expect(harness.sent().isEmpty)
        let local = Peer("alice", "127.0.0.1:5070")
        #expect(
            ask(&harness, harness.request(.options, "sip:example.org", from: local), from: local)?.statusCode == 200)
    }

    @Test func ownRequestsReachAFlowOrFail() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        let notify = SIPMessage.request(
            .notify, uri: SIPURI("sip:alice@198.51.100.7")!,
            headers: [
                (.from, "<sip:bob@example.org>;tag=1"), (.to, "<sip:alice@example.org>;tag=2"), (.callID, "n"),
                (.cseq, "1 NOTIFY"), (.maxForwards, "70"),
            ])
        harness.handle(.sendRequest(RequestToken(1), notify, to: .flow(alice.flow)))
        let sent = try #require(harness.sent().first)
        #expect(sent.flow == alice.flow)
        // Nobody has forwarded it.
        #expect(try sent.message.maxForwards == 70)
        harness.receive(sent.message.response(200), on: alice.flow)
        let responses = harness.actions.compactMap { action -> Int? in
            if case .response(let token, let response) = action, token == RequestToken(1) {
                return response.statusCode
            }
            return nil
        }
        #expect(responses == [200])
        harness.actions = []
        harness.handle(.sendRequest(RequestToken(2), notify, to: nil))
        harness.handle(.sendRequest(RequestToken(3), notify, to: .flow(alice.flow)))
        harness.advance(.seconds(40))
        let failures = harness.actions.compactMap { action -> Int? in
            if case .requestFailed(_, let status) = action { return status }
            return nil
        }
        #expect(failures == [408, 408])
        #expect(harness.server.ownRequests.isEmpty && harness.server.transactionCount == 0)
    }

    @Test func overloadIsAnswered503WithRetryAfter() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], maximumTransactions: 10)
        var last: SIPMessage?
        for _ in 1...12 {
            last = ask(&harness, harness.request(.info, "sip:example.org", from: alice), from: alice)
        }
        #expect(last?.statusCode == 503)
        #expect(last?.contains(.retryAfter) == true)
        harness.advance(.seconds(33))
        let later = ask(&harness, harness.request(.info, "sip:example.org", from: alice), from: alice)
        #expect(later?.statusCode == 405)
    }

    /// RFC 3261 §8.2.7: what anybody may ask, and what is to come again with credentials, takes no room here.
    @Test func answersToStrangersAreNotRemembered() throws {
        var harness = ServerHarness()
        harness.addUser("eve", password: "x")
        let options = harness.request(.options, "sip:example.org", from: stranger)
        let tags = [1, 2].map { _ in try? ask(&harness, options, from: stranger)?.to.tag }
        #expect(tags[0] != nil && tags[0] == tags[1], "the same request gets the same tag")
        let other = harness.request(.options, "sip:example.org", from: stranger)
        #expect(try ask(&harness, other, from: stranger)?.to.tag != tags[0])
        let register = harness.request(.register, "sip:example.org", from: stranger)
        #expect(ask(&harness, register, from: stranger)?.statusCode == 401)
        // RFC 3261 §26.3.2.4: no more than once, so that nobody's forged address has it repeated to its owner.
        let invite = harness.request(.invite, "sip:bob@example.org", from: stranger)
        #expect(ask(&harness, invite, from: stranger)?.statusCode == 407)
        #expect(harness.server.transactionCount == 0)
    }
}
