import Primitives
import SIPMessages
import SIPStack
import Testing

/// SIPS URIs (RFC 5630).
@Suite struct SIPSTests {
    private let alice = Peer("alice", "198.51.100.7:40000", transport: .tls, connection: 7)
    private let bobTLS = Peer("bob", "198.51.100.9:40001", transport: .tls, connection: 9)
    private let bobUDP = Peer("bob", "198.51.100.10:5060")

    /// A registration with a contact of either scheme, to a Request-URI of either.
    private func register(
        _ harness: inout ServerHarness, _ peer: Peer, contact: String, requestURI: String = "sips:example.org",
        path: String? = nil
    ) -> SIPMessage? {
        var headers: [(HeaderName, String)] = [(.contact, "<\(contact):bob@\(peer.endpoint)>")]
        if let path { headers.append((.path, path)) }
        let request = harness.request(
            .register, requestURI, from: peer, to: "<sips:bob@example.org>", headers: headers)
        harness.receive(request, on: peer.flow)
        return harness.sentMessages().last
    }

    private func harness() -> ServerHarness {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.addUser("bob", password: "x")
        return harness
    }

    private func send(
        _ harness: inout ServerHarness, to uri: String
    ) -> [(message: SIPMessage, flow: Flow)] {
        harness.receive(harness.request(.invite, uri, from: alice), on: alice.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        return harness.sent()
    }

    @Test func aSIPSContactNeedsASIPSRequestURIAndPath() {
        var harness = harness()
        #expect(register(&harness, bobTLS, contact: "sips", requestURI: "sip:example.org")?.statusCode == 400)
        #expect(register(&harness, bobTLS, contact: "sips", path: "<sip:p.example.org;lr>")?.statusCode == 400)
        #expect(register(&harness, bobTLS, contact: "sips")?.statusCode == 200)
    }

    @Test func aCallToASIPSURIReachesOnlySIPSContacts() throws {
        var harness = harness()
        _ = register(&harness, bobTLS, contact: "sips")
        _ = register(&harness, bobUDP, contact: "sip")
        let sent = send(&harness, to: "sips:bob@example.org").filter { $0.message.method == .invite }
        #expect(sent.map(\.message.requestURIText) == ["sips:bob@198.51.100.9:40001"])
        #expect(sent.first?.flow == bobTLS.flow)
        let routes = try #require(try sent.first?.message.recordRoutes)
        #expect(!routes.isEmpty)
        // RFC 5630 §3.1.3: no transport parameter beside the scheme.
        for route in routes { #expect(route.uri.scheme == .sips && route.uri.parameter("transport") == nil) }
    }

    @Test func aCallToASIPSURIIsRefusedWhereNobodyHasOne() throws {
        var harness = harness()
        _ = register(&harness, bobUDP, contact: "sip")
        let answer = try #require(send(&harness, to: "sips:bob@example.org").last?.message)
        #expect(answer.statusCode == 480)
        #expect(answer.values(.warning).first?.string == "380 starling \"SIPS Not Allowed\"")
    }

    /// Kept, it would be delivered in the clear.
    @Test func aMessageToASIPSURIThatReachesNobodyIsRefused() {
        var harness = harness()
        _ = register(&harness, bobUDP, contact: "sip")
        harness.receive(harness.request(.message, "sips:bob@example.org", from: alice), on: alice.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        #expect(harness.actions.absences.isEmpty)
        #expect(harness.sentMessages().last?.statusCode == 480)
    }

    @Test func aCallToASIPURIReachesASIPSContactByTLS() {
        var harness = harness()
        _ = register(&harness, bobTLS, contact: "sips")
        let sent = send(&harness, to: "sip:bob@example.org").filter { $0.message.method == .invite }
        #expect(sent.map(\.message.requestURIText) == ["sip:bob@198.51.100.9:40001"])
        #expect(sent.first?.flow == bobTLS.flow)
    }

    /// The contact's own address would be called by UDP.
    @Test func aSIPSContactWhoseConnectionIsGoneIsNotCalledInTheClear() throws {
        var harness = harness()
        _ = register(&harness, bobUDP, contact: "sips")
        let answer = try #require(send(&harness, to: "sip:bob@example.org").last?.message)
        #expect(answer.statusCode == 480)
        #expect(answer.values(.warning).first?.string == "381 starling \"SIPS Required\"")
    }

    @Test func recordRoutesOfTLSAndWebSocketsNameTheirTransport() throws {
        var harness = harness()
        _ = register(&harness, Peer("bob", "198.51.100.9:40001", transport: .wss, connection: 9), contact: "sip")
        let invite = try #require(send(&harness, to: "sip:bob@example.org").first { $0.message.method == .invite })
        let routes = try invite.message.recordRoutes.map { $0.uri.parameter("transport") }
        #expect(routes == ["ws", "tls"])
    }
}
