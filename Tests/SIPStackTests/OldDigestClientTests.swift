import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct OldDigestClientTests {
    /// Both challenges, the better first (RFC 8760 §2.3), but for clients that take SHA-256 for an error.
    @Test(arguments: [
        ("Linphonec/5.1.65", ["SHA-256", "MD5"]), ("baresip v3.1.0", ["SHA-256", "MD5"]), ("", ["SHA-256", "MD5"]),
        ("baresip v1.0.0 (x86_64/linux)", ["MD5"]), ("SIPp", ["MD5"]), ("not baresip v1.0", ["SHA-256", "MD5"]),
    ])
    func challengesFitTheClient(agent: String, algorithms: [String]) throws {
        var random = RandomSource(seed: 1)
        var authenticator = Authenticator(secret: random.bytes(32), random: &random)
        let text = """
            REGISTER sip:example.org SIP/2.0\r
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r
            From: <sip:alice@example.org>;tag=a\r
            To: <sip:alice@example.org>\r
            Call-ID: a\r
            CSeq: 1 REGISTER\r
            \(agent.isEmpty ? "" : "User-Agent: \(agent)\r\n")Content-Length: 0\r
            \r

            """
        let request = try SIPMessage(parsing: Array(text.utf8))
        let outcome = authenticator.authenticate(
            request, as: .server, realm: "example.org", from: .endpoint(Endpoint("192.0.2.1:5060")!), toTag: { "t" },
            at: Instant(secondsSince1970: 1_795_255_913))
        guard case .refused(let response, _) = outcome else {
            Issue.record("let in without credentials: \(outcome)")
            return
        }
        let offered = try response.values(HeaderName.wwwAuthenticate).map {
            try AuthHeader($0, of: .wwwAuthenticate)["algorithm"]
        }
        #expect(offered == algorithms)
    }
}
