import Benchmark
import SIPMessages

/// What reading, looking into, changing and writing a SIP message costs, for five messages as phones send them.
@MainActor let messageBenchmarks = BenchmarkSuite(name: "messages") { suite in
    for (name, text) in TypicalMessage.all {
        let bytes = Array(text.utf8)
        guard let message = try? SIPMessage(parsing: bytes) else { fatalError("\(name) is malformed") }
        suite.benchmark("parse \(name)") { keep(try SIPMessage(parsing: bytes)) }
        suite.benchmark("parse and route \(name)") {
            let parsed = try SIPMessage(parsing: bytes)
            // What a proxy asks of every message it passes on.
            keep(parsed.method)
            keep(try parsed.topVia)
            keep(try parsed.callID)
            keep(try parsed.cseq)
            keep(try parsed.from.tag)
            keep(try parsed.to.tag)
            keep(try parsed.maxForwards)
            keep(try parsed.topRoute)
            keep(parsed.requestURI)
        }
        suite.benchmark("serialize \(name)") {
            // A hop added on top and one taken away: the only writing a proxy does.
            keep(
                message.editing {
                    $0.prepend(.via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKbench1")
                    $0.removeFirstValue(.route)
                    $0.set(.maxForwards, 69)
                })
        }
    }
    if let invite = try? SIPMessage(parsing: Array(TypicalMessage.invite.utf8)) {
        suite.benchmark("validate INVITE") { keep(invite.validation()) }
        suite.benchmark("answer INVITE") { keep(invite.response(180, toTag: "b1c2d3")) }
    }
}

/// Keeps the optimiser from dropping a result that nobody reads.
@inline(never) private func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }

/// Messages as common phones and servers write them; every line ends in CR LF.
private enum TypicalMessage {
    static let all: [(String, String)] = [
        ("REGISTER", register), ("INVITE", invite), ("200", ok), ("PUBLISH", publish), ("NOTIFY", notify),
    ]

    private static func message(_ head: [String], body: String = "") -> String {
        (head + ["Content-Length: \(body.utf8.count)", "", ""]).joined(separator: "\r\n") + body
    }

    private static let sdp = [
        "v=0", "o=- 3906100200 3906100200 IN IP4 198.51.100.20", "s=call", "c=IN IP4 198.51.100.20", "t=0 0",
        "m=audio 40002 RTP/AVP 96 9 8 0 101", "a=rtpmap:96 opus/48000/2", "a=rtpmap:9 G722/8000",
        "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16",
        "a=sendrecv", "",
    ].joined(separator: "\r\n")

    private static let pidf =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
        + "entity=\"sip:ann@bench.example\"><tuple id=\"t4f1\"><status><basic>open</basic></status>"
        + "<contact priority=\"0.8\">sip:ann@bench.example</contact><note>At my desk</note>"
        + "<timestamp>2026-01-05T09:30:00Z</timestamp></tuple></presence>\r\n"

    static let register = message([
        "REGISTER sip:bench.example SIP/2.0",
        "Via: SIP/2.0/UDP 198.51.100.20:5062;rport;branch=z9hG4bKPj7f0a41d2c9e84b",
        "Max-Forwards: 70", "From: \"Ann\" <sip:ann@bench.example>;tag=5d0c8e1f", "To: \"Ann\" <sip:ann@bench.example>",
        "Call-ID: 0b6f7c3e-55d1-4f2a-9a57-3a41", "CSeq: 4712 REGISTER", "User-Agent: Bench/1.0",
        "Supported: outbound, path, gruu",
        "Contact: <sip:ann@198.51.100.20:5062;ob>;reg-id=1;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-aabbccddeeff>\"",
        "Expires: 600", "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, MESSAGE, SUBSCRIBE, NOTIFY, REFER, OPTIONS",
        "Authorization: Digest username=\"ann\", realm=\"bench.example\", nonce=\"k3Jq9wE0aXb2mZ7c\", "
            + "uri=\"sip:bench.example\", response=\"6629fae49393a05397450978507c4ef16629fae49393a05397450978507c4ef1\", "
            + "algorithm=SHA-256, cnonce=\"0a4f113b\", qop=auth, nc=00000002",
    ])

    static let invite = message(
        [
            "INVITE sip:ben@bench.example SIP/2.0",
            "Via: SIP/2.0/UDP 198.51.100.20:5062;rport;branch=z9hG4bKPj1d2c3b4a59687f",
            "Route: <sip:edge.bench.example;lr>", "Max-Forwards: 70",
            "From: \"Ann\" <sip:ann@bench.example>;tag=81f2a60c", "To: <sip:ben@bench.example>",
            "Contact: \"Ann\" <sip:ann@198.51.100.20:5062;ob>", "Call-ID: 5be3a1c47d2f4e08b6", "CSeq: 22011 INVITE",
            "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, MESSAGE, SUBSCRIBE, NOTIFY, REFER, OPTIONS",
            "Supported: replaces, 100rel, timer, norefersub", "Session-Expires: 1800", "Min-SE: 90",
            "User-Agent: Bench/1.0", "Content-Type: application/sdp",
        ], body: sdp)

    static let ok = message(
        [
            "SIP/2.0 200 OK", "Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bK2f7e6d5c4b3a",
            "Via: SIP/2.0/UDP 198.51.100.20:5062;rport=5062;received=198.51.100.20;branch=z9hG4bKPj1d2c3b4a59687f",
            "Record-Route: <sip:203.0.113.2;lr>", "From: \"Ann\" <sip:ann@bench.example>;tag=81f2a60c",
            "To: <sip:ben@bench.example>;tag=c07d5512", "Call-ID: 5be3a1c47d2f4e08b6", "CSeq: 22011 INVITE",
            "Contact: <sip:ben@198.51.100.77:5060;transport=udp>", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS",
            "Supported: replaces", "Server: Bench/1.0", "Content-Type: application/sdp",
        ], body: sdp)

    static let publish = message(
        [
            "PUBLISH sip:ann@bench.example SIP/2.0",
            "Via: SIP/2.0/UDP 198.51.100.20:5062;rport;branch=z9hG4bKPj99e8d7c6b5a4",
            "Max-Forwards: 70", "From: \"Ann\" <sip:ann@bench.example>;tag=3c4b5a69", "To: <sip:ann@bench.example>",
            "Call-ID: 77aa1c0de24b4c1f", "CSeq: 31 PUBLISH", "Event: presence", "SIP-If-Match: e8f7a6b5",
            "Expires: 3600",
            "User-Agent: Bench/1.0", "Content-Type: application/pidf+xml",
        ], body: pidf)

    static let notify = message(
        [
            "NOTIFY sip:ben@198.51.100.77:5060;ob SIP/2.0",
            "Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bK0a1b2c3d4e5f",
            "Route: <sip:edge.bench.example;lr>, <sip:198.51.100.77;lr>", "Max-Forwards: 70",
            "From: <sip:ann@bench.example>;tag=pa-1f2e3d4c", "To: <sip:ben@bench.example>;tag=0f9e8d7c",
            "Call-ID: 2b1a09f8e7d6c5b4", "CSeq: 8 NOTIFY", "Contact: <sip:203.0.113.2:5060>", "Event: presence",
            "Subscription-State: active;expires=2744", "Content-Type: application/pidf+xml",
        ], body: pidf)
}
