import Primitives
import SIPMessages
import SIPStack
import Testing

/// Dialogs with other domains over TLS, and the connections that serve them both ways (RFC 5922, RFC 5923).
@Suite struct PeerConnectionTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let proxy = Endpoint("203.0.113.1:5061")!
    private let proxyRoute = "<sip:203.0.113.1:5061;transport=tls;lr>"

    private func harness() -> ServerHarness {
        var harness = ServerHarness(
            trusted: ["198.51.100.0/24"], border: Border(domains: ["other.example"]), listensForTLS: true)
        harness.zone = Zone(
            """
            other.example NAPTR 1 1 s SIPS+D2T _sips._tcp.other.example
            _sips._tcp.other.example SRV 0 0 5061 a.other.example
            a.other.example A 203.0.113.1
            phone.other.example A 203.0.113.40
            """)
        harness.addUser("alice", password: "x")
        return harness
    }

    /// A connection that the other domain's proxy has opened.
    private func arrival(provedToBe domain: String?) -> Flow {
        Flow(
            transport: .tls, local: Endpoint("192.0.2.1:5061")!, remote: .endpoint(Endpoint("203.0.113.1:49152")!),
            connection: 9, domain: domain)
    }

    private func withVia(_ request: SIPMessage, _ branch: String) -> SIPMessage {
        request.editing { $0.prepend(.via, "SIP/2.0/UDP \(alice.endpoint);branch=z9hG4bK\(branch)") }
    }

    @Test func aDialogGoesBackToTheDomainThatWasCalled() throws {
        var harness = harness()
        let invite = harness.request(.invite, "sip:bob@other.example", from: alice)
        harness.receive(invite, on: alice.flow)
        let out = try #require(harness.sent().first { $0.message.isRequest })
        #expect(try out.message.topVia.parameters.contains("alias"))
        let accepted = out.message.response(200, toTag: "b", headers: [(.contact, "<sip:bob@10.9.9.9>")])
        harness.receive(accepted.editing { $0.prepend(.recordRoute, proxyRoute) }, on: out.flow)
        let answer = try #require(harness.sentMessages().first)
        var dialog = try #require(Dialog(request: invite, response: answer))
        harness.receive(withVia(dialog.acknowledgement(of: 1), "ack"), on: alice.flow)
        harness.receive(withVia(dialog.request(.bye), "bye"), on: alice.flow)
        let sent = harness.sent().filter { $0.message.isRequest }
        #expect(sent.map(\.message.method) == [.ack, .bye])
        for (_, flow) in sent {
            #expect(flow.transport == .tls && flow.remote == .endpoint(proxy) && flow.domain == "other.example")
        }
    }

    @Test(arguments: ["other.example", nil])
    func aDialogGoesBackToTheDomainThatCalled(domain: String?) throws {
        var harness = harness()
        harness.register(alice)
        let caller = Peer("bob", "203.0.113.1:49152", transport: .tls, connection: 9)
        let flow = arrival(provedToBe: domain)
        let invite = harness.request(
            .invite, "sip:alice@example.org", from: caller, domain: "other.example",
            headers: [(.contact, "<sip:bob@10.9.9.9>"), (.recordRoute, proxyRoute)])
        harness.receive(invite, on: flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        let out = try #require(harness.sent().first { $0.message.method == .invite })
        harness.receive(out.message.response(200, toTag: "a", headers: [(.contact, alice.contact)]), on: out.flow)
        _ = harness.sent()
        var dialog = try #require(Dialog(accepting: out.message, localTag: "a"))
        harness.receive(withVia(dialog.request(.bye), "bye"), on: alice.flow)
        let bye = try #require(harness.sent().first { $0.message.method == .bye })
        if let domain {
            #expect(bye.flow.remote == .endpoint(proxy) && bye.flow.domain == domain && bye.flow.connection == 0)
        } else {
            // Who proved nothing is answered over its own connection, and called over no other.
            #expect(bye.flow == flow)
        }
    }

    /// The contact of a user agent may be a name; then the ACK, which nobody answers, has to find it too.
    @Test func anAcknowledgementFindsItsServer() throws {
        var harness = harness()
        let invite = harness.request(.invite, "sip:bob@other.example", from: alice)
        harness.receive(invite, on: alice.flow)
        let out = try #require(harness.sent().first { $0.message.isRequest })
        let contact = "<sip:bob@phone.other.example:5080>"
        harness.receive(out.message.response(200, toTag: "b", headers: [(.contact, contact)]), on: out.flow)
        let answer = try #require(harness.sentMessages().first)
        let dialog = try #require(Dialog(request: invite, response: answer))
        // As a phone that keeps no route would send it.
        let ack = withVia(dialog.acknowledgement(of: 1), "ack").editing { $0.removeAll(.route) }
        harness.receive(ack, on: alice.flow)
        let sent = try #require(harness.sent().first)
        #expect(sent.message.method == .ack)
        #expect(sent.flow.remote == .endpoint(Endpoint("203.0.113.40:5080")!))
    }

    /// RFC 3263 §5: the client has gone down between request and response, and another one stands in for it.
    @Test func aResponseFindsWhoStandsInForItsClient() throws {
        var harness = harness()
        harness.zone = Zone(
            """
            _sip._tcp.other.example SRV 0 0 5060 a.other.example
            _sip._tcp.other.example SRV 1 0 5070 b.other.example
            a.other.example A 203.0.113.1
            b.other.example A 203.0.113.2
            """)
        let caller = Peer("bob", "203.0.113.1:49152", transport: .tcp, connection: 9)
        let request = harness.request(.invite, "sip:nobody@example.org", from: caller, domain: "other.example")
            .editing { $0.replaceFirst(.via, "SIP/2.0/TCP other.example;branch=z9hG4bKx") }
        harness.receive(request, on: caller.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        let answer = try #require(harness.sent().first)
        #expect(answer.flow == caller.flow)
        harness.handle(.transport(.sendFailed(caller.flow)))
        var tried: [Remote] = []
        for _ in 0..<5 {
            guard let again = harness.sent().first else { break }
            #expect(again.message == answer.message)
            tried.append(again.flow.remote)
            harness.handle(.transport(.sendFailed(again.flow)))
        }
        let expected = ["203.0.113.1:5060", "203.0.113.1:5060", "203.0.113.2:5070"]
        #expect(tried == expected.map { .endpoint(Endpoint($0)!) })
    }

    /// Anybody can write any name into a Via.
    @Test func aResponseToADomainThatIsNotCalledIsLost() throws {
        var harness = harness()
        let caller = Peer("bob", "203.0.113.1:49152", transport: .tcp, connection: 9)
        let request = harness.request(.invite, "sip:nobody@example.org", from: caller, domain: "third.example")
            .editing { $0.replaceFirst(.via, "SIP/2.0/TCP third.example;branch=z9hG4bKx") }
        harness.receive(request, on: caller.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        _ = harness.sent()
        harness.handle(.transport(.sendFailed(caller.flow)))
        let again = try #require(harness.sent().first)
        harness.zone = nil
        harness.handle(.transport(.sendFailed(again.flow)))
        #expect(harness.actions.queries.isEmpty && harness.sent().isEmpty)
    }

    struct Offer: CustomTestStringConvertible, Sendable {
        let via: String
        let domain: String?
        let port: UInt16?

        var testDescription: String { "\(via) \(domain ?? "nobody")" }
    }

    private static let offers = [
        Offer(via: "203.0.113.1:5071;alias", domain: "other.example", port: 5071),
        Offer(via: "203.0.113.1;alias", domain: "other.example", port: 5061),
        Offer(via: "other.example:5071;alias", domain: "other.example", port: 5071),
        Offer(via: "203.0.113.1:5071", domain: "other.example", port: nil),
        // From whom TLS has not authenticated, and for somebody else.
        Offer(via: "203.0.113.1:5071;alias", domain: nil, port: nil),
        Offer(via: "203.0.113.2:5071;alias", domain: "other.example", port: nil),
        Offer(via: "third.example:5071;alias", domain: "other.example", port: nil),
    ]

    @Test(arguments: offers) func aConnectionServesBothWaysWhereItsClientMayOfferThat(_ offer: Offer) {
        var harness = harness()
        let caller = Peer("bob", "203.0.113.1:49152", transport: .tls, connection: 9)
        let request = harness.request(.options, "sip:192.0.2.1:5061", from: caller, domain: "other.example")
        let (host, alias) = (offer.via.replacing(";alias", with: ""), offer.via.hasSuffix(";alias") ? ";alias" : "")
        harness.receive(
            request.editing { $0.replaceFirst(.via, "SIP/2.0/TLS \(host);branch=z9hG4bKx\(alias)") },
            on: arrival(provedToBe: offer.domain))
        let ports = harness.actions.compactMap { action in
            if case .transport(.alias(_, let port)) = action { port } else { nil as UInt16? }
        }
        #expect(ports == [offer.port].compactMap { $0 })
    }
}
