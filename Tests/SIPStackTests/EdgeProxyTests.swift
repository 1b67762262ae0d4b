import Primitives
import SIPMessages
import SIPStack
import Testing

/// The server as the proxy next to a user agent that registers elsewhere (RFC 5626 §5, RFC 3327, RFC 3608).
@Suite struct EdgeProxyTests {
    private let phone = Peer("dora", "198.51.100.7:40000", transport: .tcp, connection: 4)
    private let registrar = Peer("proxy", "203.0.113.9:5060")
    private var harness = ServerHarness(trusted: ["198.51.100.0/24"])

    /// A REGISTER as it reaches the registrar.
    private mutating func register(_ headers: [(HeaderName, String)], path: String? = nil) throws -> SIPMessage {
        let request = harness.request(
            .register, "sip:203.0.113.9", from: phone, to: "<sip:dora@elsewhere.example>",
            domain: "elsewhere.example",
            headers: headers + [
                (.contact, "<sip:dora@10.0.0.5:5060;transport=tcp>;+sip.instance=\"<urn:uuid:5>\";reg-id=1")
            ])
        harness.receive(request, on: phone.flow)
        return try #require(harness.sent().first { $0.message.method == .register }).message
    }

    /// A request from the registrar's side by that Path.
    private mutating func call(_ path: String, _ method: SIPMethod = .invite) -> [(message: SIPMessage, flow: Flow)] {
        let request = harness.request(
            method, "sip:dora@10.0.0.5:5060;transport=tcp", from: registrar, domain: "elsewhere.example",
            headers: [(.route, path), (.via, "SIP/2.0/UDP 192.0.2.200;branch=z9hG4bKbefore")])
        harness.receive(request, on: registrar.flow)
        return harness.sent().filter { $0.message.statusCode != 100 }
    }

    @Test mutating func thePathLeadsBackByTheFlow() throws {
        let forwarded = try register([(.supported, "path, outbound")])
        let path = try #require(forwarded.firstValue(.path)?.string)
        let uri = try NameAddress(HeaderText(path), of: .path).uri
        #expect(uri.isLooseRouter && uri.parameter("ob") != nil && uri.host == "192.0.2.1")
        let sent = call(path)
        #expect(sent.map(\.flow) == [phone.flow])
        let invite = try #require(sent.first).message
        #expect(invite.values(.route).isEmpty)
        // RFC 5626 §5.3.1: what follows in the dialog comes by the flow as well, and nothing else by the Path.
        let recordRoute = try #require(try invite.recordRoutes.first?.uri)
        #expect(recordRoute.parameter("ob") == nil && recordRoute.user != nil)
        #expect(call(path, .message).map(\.flow) == [phone.flow])
    }

    @Test mutating func whatPathAndServiceRouteSayPasses() throws {
        let request = try register([(.supported, "path"), (.path, "<sip:inner.example;lr>")])
        // RFC 3327 §5.2: on top of what was there.
        #expect(request.values(.path).count == 2)
        #expect(request.values(.path).last?.string == "<sip:inner.example;lr>")
        harness.receive(
            request.response(
                200, toTag: "r", headers: [(.serviceRoute, "<sip:home.elsewhere.example;lr>"), (.require, "outbound")]),
            on: registrar.flow)
        let answer = try #require(harness.sentMessages().last)
        #expect(answer.statusCode == 200)
        #expect(answer.firstValue(.serviceRoute)?.string == "<sip:home.elsewhere.example;lr>")
        #expect(try answer.require == ["outbound"])
    }

    @Test mutating func whoDoesNotKnowPathGetsNone() throws {
        #expect(try register([]).values(.path).isEmpty)
        // RFC 5626 §5.1: behind another proxy we don't know the flow.
        let behind = try register([(.supported, "path"), (.via, "SIP/2.0/UDP 10.0.0.5;branch=z9hG4bKphone")])
        #expect(behind.values(.path).isEmpty)
    }

    @Test mutating func aMadeUpTokenIsRefused() throws {
        let path = try #require(try register([(.supported, "path")]).firstValue(.path)?.string)
        let start = path.index(path.startIndex, offsetBy: 10)
        let bad = path[..<start] + (path[start] == "a" ? "b" : "a") + path[path.index(after: start)...]
        #expect(call(String(bad)).map(\.message.statusCode) == [403])
        // The token of a dialog is none of a registration.
        #expect(call("<sip:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@192.0.2.1;lr;ob>").map(\.message.statusCode) == [403])
    }

    @Test mutating func aFailedFlowIsReported() throws {
        let path = try #require(try register([(.supported, "path")]).firstValue(.path)?.string)
        let sent = call(path)
        harness.handle(.transport(.sendFailed(try #require(sent.first).flow)))
        #expect(harness.sent().last { !$0.message.isRequest }?.message.statusCode == 430)
    }
}
