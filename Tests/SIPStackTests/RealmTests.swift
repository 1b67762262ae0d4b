import Primitives
import SIPMessages
import SIPStack
import Testing

/// A server of two domains challenges each domain's users in their own realm, since their digests were made for it.
@Suite struct RealmTests {
    @Test(arguments: ["example.org", "example.net"]) func aDomainIsItsOwnRealm(domain: String) throws {
        let listener = Endpoint("192.0.2.1:5060")!
        var random = RandomSource(seed: 1)
        let nodeID = NodeID(bits: .random(using: &random))
        var server = SIPServer(
            configuration: SIPServerConfiguration(
                domains: ["example.org", "example.net"], nodeID: nodeID, listeners: [SIPListener(.udp, listener)]),
            random: random)
        let now = Instant(secondsSince1970: 1_800_000_000)
        var actions: [SIPServer.Action] = []
        let user = AddressOfRecord(user: "alice", host: domain)!
        let credentials = Credentials(user: "alice", realm: domain, password: "secret")
        server.handle(.setAccount(user, credentials), at: now, into: &actions)

        let flow = Flow(transport: .udp, local: listener, remote: .endpoint(Endpoint("192.0.2.9:5060")!))
        var client = DigestClient(user: "alice", password: "secret", random: random.split())
        let challenge = try exchange(&server, register(domain, cseq: 1), flow, now)
        #expect(challenge.statusCode == 401)
        #expect(try challenge.wwwAuthenticate.allSatisfy { $0["realm"] == domain })
        let isWorthAnswering = client.learn(from: challenge)
        #expect(isWorthAnswering)
        let answer = try exchange(&server, client.authorized(register(domain, cseq: 2)), flow, now)
        #expect(answer.statusCode == 200)
    }

    private func register(_ domain: String, cseq: Int) -> SIPMessage {
        SIPMessage.request(
            .register, uri: SIPURI(host: domain),
            headers: [
                (.via, "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKr\(cseq)"), (.maxForwards, "70"),
                (.from, "<sip:alice@\(domain)>;tag=1"), (.to, "<sip:alice@\(domain)>"), (.callID, "realm"),
                (.cseq, "\(cseq) REGISTER"), (.contact, "<sip:alice@192.0.2.9:5060>"),
            ])
    }

    private func exchange(
        _ server: inout SIPServer, _ request: SIPMessage, _ flow: Flow, _ now: Instant
    ) throws -> SIPMessage {
        var actions: [SIPServer.Action] = []
        server.handle(.transport(.received(request.bytes, on: flow)), at: now, into: &actions)
        for case .transport(.transmit(let bytes, _)) in actions { return try SIPMessage(parsing: bytes) }
        throw NoAnswer()
    }

    private struct NoAnswer: Error {}
}
