import Primitives
import SIPMessages
import SIPStack
import Testing

/// Calls to and from domains that are not of the overlay.
@Suite struct BorderTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let stranger = Peer("eve", "203.0.113.66:5060")
    private let uri = "sip:bob@other.example"
    private static let zone = """
        _sip._udp.other.example SRV 0 0 5060 a.other.example
        _sip._udp.other.example SRV 1 0 5070 b.other.example
        a.other.example A 203.0.113.1
        b.other.example A 203.0.113.2
        """
    private static let first = Remote.endpoint(Endpoint("203.0.113.1:5060")!)
    private static let second = Remote.endpoint(Endpoint("203.0.113.2:5070")!)

    private func harness(
        _ border: Border = Border(domains: ["other.example"]), trusted: [String] = ["198.51.100.0/24"],
        zone: String = BorderTests.zone
    ) -> ServerHarness {
        var harness = ServerHarness(trusted: trusted, border: border, listensForTLS: true)
        harness.zone = Zone(zone)
        harness.addUser("alice", password: "x")
        return harness
    }

    /// What left for other hosts than the caller's.
    private func forwarded(_ harness: inout ServerHarness) -> [(message: SIPMessage, flow: Flow)] {
        harness.sent().filter { $0.message.isRequest }
    }

    struct Rule: CustomTestStringConvertible, Sendable {
        let border: Border
        let host: String
        let isCalled: Bool

        var testDescription: String { "\(host) \(isCalled)" }
    }

    private static let rules: [Rule] = {
        let closed = Border()
        let listed = Border(domains: ["Other.example"])
        let open = Border(isOpen: true, overlayDomains: ["inner.example"])
        return [
            Rule(border: closed, host: "other.example", isCalled: false),
            Rule(border: listed, host: "other.example", isCalled: true),
            Rule(border: listed, host: "OTHER.example.", isCalled: true),
            Rule(border: listed, host: "proxy7.other.example", isCalled: true),
            Rule(border: listed, host: "another.example", isCalled: false),
            Rule(border: listed, host: "notother.example", isCalled: false),
            Rule(border: open, host: "another.example", isCalled: true),
            Rule(border: open, host: "inner.example", isCalled: false),
            Rule(border: open, host: "localhost", isCalled: false),
            Rule(border: open, host: "some.overlay.invalid", isCalled: false),
        ]
    }()

    @Test(arguments: rules) func theOperatorSaysWhoIsCalled(_ rule: Rule) {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], border: rule.border)
        harness.receive(harness.request(.invite, "sip:bob@\(rule.host)", from: alice), on: alice.flow)
        #expect(harness.actions.queries.isEmpty != rule.isCalled)
        #expect(harness.actions.lookUps.isEmpty == rule.isCalled)
    }

    @Test func aCallGoesToTheServerOfTheDomain() throws {
        var harness = harness()
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        let sent = forwarded(&harness)
        #expect(sent.map(\.flow.remote) == [Self.first])
        let invite = try #require(sent.first?.message)
        #expect(invite.requestURIText == uri)
        #expect(try invite.recordRoutes.count == 1)
        harness.receive(
            invite.response(200, toTag: "b", headers: [(.contact, "<sip:bob@203.0.113.9>")]), on: sent[0].flow)
        #expect(harness.sentMessages().map(\.statusCode) == [200])
    }

    /// RFC 3263 §4.3: the next server gets the same request with another branch.
    @Test func aServerThatFailsIsReplaced() throws {
        var harness = harness()
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        let one = try #require(forwarded(&harness).first)
        harness.receive(one.message.response(503, toTag: "x"), on: one.flow)
        let sent = forwarded(&harness)
        // The ACK to the 503 goes where it came from.
        #expect(sent.map(\.message.method) == [.ack, .invite])
        let two = try #require(sent.last)
        #expect(two.flow.remote == Self.second)
        #expect(try two.message.topVia.branch != one.message.topVia.branch)
        #expect(try two.message.vias.count == one.message.vias.count)
        harness.receive(two.message.response(200, toTag: "b"), on: two.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [200])
        // And the next call begins with the server that works.
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        #expect(forwarded(&harness).map(\.flow.remote) == [Self.second])
    }

    @Test func aServerThatCanNotBeReachedIsReplaced() throws {
        var harness = harness()
        harness.receive(harness.request(.message, uri, from: alice), on: alice.flow)
        let one = try #require(forwarded(&harness).first)
        harness.handle(.transport(.sendFailed(one.flow)))
        let two = try #require(forwarded(&harness).first)
        #expect(two.flow.remote == Self.second)
        harness.handle(.transport(.sendFailed(two.flow)))
        #expect(harness.sentMessages().map(\.statusCode) == [500])
    }

    @Test func aSilentServerIsReplacedForAnINVITE() throws {
        var harness = harness()
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        _ = forwarded(&harness)
        harness.advance(.seconds(33))
        let sent = forwarded(&harness).filter { $0.flow.remote == Self.second }
        #expect(!sent.isEmpty)
    }

    /// A server that rang has answered: its silence afterwards is no reason to ring elsewhere.
    @Test func aServerThatAnsweredIsNotReplaced() throws {
        var harness = harness()
        harness.receive(harness.request(.message, uri, from: alice), on: alice.flow)
        let one = try #require(forwarded(&harness).first)
        harness.receive(one.message.response(100), on: one.flow)
        harness.advance(.seconds(40))
        #expect(forwarded(&harness).allSatisfy { $0.flow.remote == Self.first })
    }

    @Test func aDomainWithoutServersIsToldSo() {
        var harness = harness(zone: "")
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [500])
    }

    /// The client may give up before the DNS has answered: then nothing leaves, whatever it says.
    @Test func aCallThatIsGivenUpInTimeIsNeverMade() throws {
        var harness = harness()
        harness.zone = nil
        let invite = harness.request(.invite, uri, from: alice)
        harness.receive(invite, on: alice.flow)
        let question = try #require(harness.actions.queries.first)
        let cancel = SIPMessage.request(
            .cancel, uri: SIPURI(uri)!,
            headers: [
                (.via, invite.value(.via)!.string), (.maxForwards, "70"), (.from, invite.value(.from)!.string),
                (.to, invite.value(.to)!.string), (.callID, invite.value(.callID)!.string), (.cseq, "1 CANCEL"),
            ])
        harness.receive(cancel, on: alice.flow)
        #expect(Set(harness.sentMessages().compactMap(\.statusCode)) == [200, 487])
        harness.zone = Zone(Self.zone)
        harness.handle(.answered(question, harness.zone!.answer(to: question)))
        #expect(forwarded(&harness).isEmpty)
        harness.advance(.seconds(60))
        #expect(harness.server.transactionCount == 0)
    }

    /// RFC 5630: a SIPS URI is never called in the clear, whatever the DNS offers.
    @Test func aSIPSURIIsCalledByTLSAlone() {
        var harness = harness()
        harness.receive(harness.request(.invite, "sips:bob@other.example", from: alice), on: alice.flow)
        #expect(harness.sentMessages().allSatisfy { !$0.isRequest })
        harness.zone = Zone("_sips._tcp.other.example SRV 0 0 5061 c.other.example\nc.other.example A 203.0.113.3")
        harness.now += .seconds(60)
        harness.receive(harness.request(.invite, "sips:bob@other.example", from: alice), on: alice.flow)
        #expect(forwarded(&harness).map(\.flow.transport) == [.tls])
    }

    @Test func onlyOurUsersCallOut() {
        var harness = harness(trusted: [])
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
        harness.receive(harness.request(.invite, uri, from: stranger, domain: "third.example"), on: stranger.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [403])
        #expect(harness.actions.queries.isEmpty)
    }

    @Test func ourUsersAreCalledFromOutside() throws {
        var harness = harness(trusted: [])
        harness.receive(
            harness.request(
                .invite, "sip:alice@example.org", from: stranger, domain: "third.example",
                headers: [(.pAssertedIdentity, "<sip:boss@example.org>")]), on: stranger.flow)
        let token = try #require(harness.actions.lookUps.first?.0)
        let hop = NextHop.flow(alice.flow)
        harness.handle(.resolved(token, [Target(requestURI: SIPURI("sip:alice@198.51.100.7")!, nextHop: hop)]))
        let invite = try #require(forwarded(&harness).first)
        #expect(invite.flow.remote == alice.flow.remote)
        // RFC 3325 §5: nobody outside says who is who in here.
        #expect(!invite.message.contains(.pAssertedIdentity))
    }

    @Test func anAssertedIdentityStaysInside() throws {
        var harness = harness()
        let headers: [(HeaderName, String)] = [
            (.pAssertedIdentity, "<sip:alice@example.org>"), ("P-Preferred-Identity", "<sip:alice@example.org>"),
        ]
        harness.receive(harness.request(.invite, uri, from: alice, headers: headers), on: alice.flow)
        let invite = try #require(forwarded(&harness).first)
        #expect(!invite.message.contains(.pAssertedIdentity) && !invite.message.contains("P-Preferred-Identity"))
    }

    @Test func aCallByTLSIsOneToTheDomain() throws {
        var harness = harness(
            zone: """
                other.example NAPTR 1 1 s SIPS+D2T _sips._tcp.other.example
                _sips._tcp.other.example SRV 0 0 5061 a.elsewhere.example
                a.elsewhere.example A 203.0.113.1
                """)
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        let sent = try #require(forwarded(&harness).first)
        #expect(sent.flow.transport == .tls && sent.flow.domain == "other.example" && sent.flow.connection == 0)
        #expect(try sent.message.topVia.transportName == "TLS")
        #expect(try sent.message.recordRoutes.map { $0.uri.transport } == [.tls, nil])
        harness.handle(.transport(.sendFailed(sent.flow)))
        #expect(harness.sentMessages().map(\.statusCode) == [500])
    }
}
