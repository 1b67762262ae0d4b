import Primitives
import SIPMessages
import SIPStack
import Testing

/// RFC 5031: calls to `urn:service:sos`.
@Suite struct EmergencyTests {
    private let caller = Peer("alice", "203.0.113.7:5060")
    private let point = Peer("112", "203.0.113.112:5060")

    private func harness(_ emergency: String? = "sip:112@203.0.113.112", limits: SourceLimits? = nil) -> ServerHarness {
        ServerHarness(maximumTransactions: 8, emergency: emergency, sourceLimits: limits)
    }

    private func call(
        _ harness: inout ServerHarness, _ service: String = "urn:service:sos", from peer: Peer? = nil,
        method: SIPMethod = .invite, headers: [(HeaderName, String)] = []
    ) -> [(message: SIPMessage, flow: Flow)] {
        let peer = peer ?? caller
        harness.receive(harness.request(method, service, from: peer, headers: headers), on: peer.flow)
        return harness.sent()
    }

    @Test(arguments: ["urn:service:sos", "urn:service:sos.fire", "URN:Service:SOS.ambulance"])
    func goesToTheAnsweringPointUnasked(_ service: String) throws {
        var harness = harness()
        let location = "<cid:target123@atlanta.example.com>"
        let sent = call(&harness, service, headers: [("Geolocation", location), ("Geolocation-Routing", "yes")])
        let forwarded = try #require(sent.first)
        #expect(sent.count == 1 && forwarded.message.method == .invite)
        #expect(forwarded.flow.remote == .endpoint(point.endpoint))
        #expect(forwarded.message.requestURIText == "sip:112@203.0.113.112")
        #expect(forwarded.message.value("Geolocation")?.string == location)
        #expect(forwarded.message.value("Geolocation-Routing")?.string == "yes")
        #expect(try forwarded.message.to.uri == SIPURI(service))
    }

    @Test func aProxyFindsTheAnsweringPointByTheServiceName() throws {
        var harness = harness("sip:203.0.113.112;lr")
        let sent = try #require(call(&harness, "urn:service:sos.police").first)
        #expect(sent.message.requestURIText == "urn:service:sos.police")
        #expect(sent.message.values(.route).map(\.string) == ["<sip:203.0.113.112;lr>"])
        #expect(sent.flow.remote == .endpoint(point.endpoint))
    }

    /// The whole call of somebody who has no account and is never asked for one.
    @Test func theCallGoesOnAndEndsUnasked() throws {
        var harness = harness()
        let invite = try #require(call(&harness).first)
        let answer = invite.message.response(200, toTag: "p", headers: [(.contact, "<sip:112@203.0.113.112>")])
        harness.receive(answer, on: point.flow)
        let accepted = try #require(harness.sentMessages().first)
        #expect(accepted.statusCode == 200)
        let route = try #require(accepted.values(.recordRoute).first).string
        for (number, method) in [(1, SIPMethod.ack), (2, .update), (3, .bye)] {
            let request = harness.request(
                method, "sip:112@203.0.113.112", from: caller, to: "<urn:service:sos>;tag=p",
                callID: try accepted.callID, cseq: number, headers: [(.route, route)])
            harness.receive(request, on: caller.flow)
            #expect(harness.sent().map(\.flow.remote) == [.endpoint(point.endpoint)], "\(method)")
        }
        // The way back.
        let bye = harness.request(
            .bye, "sip:alice@203.0.113.7:5060", from: point, to: "<sip:alice@example.org>;tag=falice",
            callID: try accepted.callID, cseq: 1,
            headers: [(.route, route), (.from, "<urn:service:sos>;tag=p")])
        harness.receive(bye, on: point.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(caller.endpoint)])
    }

    @Test func theRouteOfAnOrdinaryCallOpensNoEmergencyCall() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], emergency: "sip:112@203.0.113.112")
        let inside = Peer("carol", "198.51.100.7:5060")
        let invite = harness.request(.invite, "sip:x@203.0.113.112", from: inside, to: "<urn:service:sos>")
        harness.receive(invite, on: inside.flow)
        let sent = try #require(harness.sentMessages().first { $0.method == .invite })
        let route = try #require(sent.values(.recordRoute).first).string
        let bye = harness.request(
            .bye, "sip:x@203.0.113.112", from: caller, to: "<urn:service:sos>;tag=p", callID: try invite.callID,
            headers: [(.route, route)])
        harness.receive(bye, on: caller.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
    }

    @Test func withoutAnAnsweringPointTheCallerAndTheOperatorAreTold() throws {
        var harness = harness(nil)
        harness.receive(harness.request(.invite, "urn:service:sos", from: caller), on: caller.flow)
        #expect(harness.actions.observations.contains(.emergency(from: caller.flow.remote, isRouted: false)))
        let response = try #require(harness.sentMessages().first)
        #expect(response.statusCode == 404)
        #expect(try response.warnings.first?.text == "No emergency answering point is configured here")
    }

    @Test func otherServicesAndMethodsAreRefused() {
        var harness = harness()
        #expect(call(&harness, "urn:service:counseling").map(\.message.statusCode) == [416])
        #expect(call(&harness, "urn:service:sosfoo").map(\.message.statusCode) == [416])
        #expect(call(&harness, method: .register).map(\.message.statusCode) == [405])
    }

    @Test func neitherAFloodNorAFullTableKeepsItOut() throws {
        var limits = SourceLimits()
        limits.strangers = .init(perSecond: 1, burst: 30)
        var harness = harness(limits: limits)
        let other = Peer("mallory", "203.0.113.66:5060")
        for _ in 1...40 {
            harness.receive(harness.request(.info, "sip:example.org", from: other), on: other.flow)
        }
        #expect(harness.server.transactionCount == 8)
        harness.actions = []
        // From the flooded address itself.
        #expect(call(&harness, from: other).first?.message.method == .invite)
    }
}
