import SIPMessages

/// RFC 4475 §3.1.2: messages that break the grammar.
extension TortureCase {
    static let invalid: [TortureCase] = [
        TortureCase(
            "badinv01: separators with nothing between them",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                ["Via": "SIP/2.0/UDP 192.0.2.15;;,;,,", "Contact": "\"Ann\" <sip:ann@torture.example>;;;;"]),
            .refused(400)),
        TortureCase(
            "clerr: a body shorter than it is said to be",
            request("INVITE sip:ben@torture.example SIP/2.0", ["Content-Length": "9999"], body: sdp), .refused(400)),
        TortureCase(
            "ncl: a negative Content-Length",
            request("INVITE sip:ben@torture.example SIP/2.0", ["Content-Length": "-999"], body: sdp), .refused(400)),
        TortureCase(
            "scalar02: numbers too large in a request",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                [
                    "CSeq": "36893488147419103232 REGISTER", "Max-Forwards": "300",
                    "Expires": "1" + String(repeating: "0", count: 100),
                    "Contact": "<sip:ann@h.torture.example>\r\n  ;expires=280297596632815",
                ]), .refused(400)
        ) { try $0.expires == nil && $0.contacts[0].expires == nil },
        TortureCase(
            "scalarlg: numbers too large in a response",
            response(
                "SIP/2.0 503 Service Unavailable",
                [
                    "CSeq": "9292394834772304023312 OPTIONS", "Retry-After": "949302838503028349304023988",
                    "Warning": "1812 overture \"In Progress\"",
                ]), .dropped
        ) { (try? $0.retryAfter) == nil && (try? $0.warnings) == nil },
        TortureCase(
            "quotbal: a quote without an end",
            request("INVITE sip:ben@torture.example SIP/2.0", ["To": "\"Mr. Ben <sip:ben@torture.example>"]),
            .refused(400)),
        TortureCase(
            "ltgtruri: angle brackets around the Request-URI", request("INVITE <sip:ben@torture.example> SIP/2.0"),
            .refused(400)),
        TortureCase(
            "lwsruri: a space in the Request-URI", request("INVITE sip:ben@torture.example; lr SIP/2.0"), .refused(400)),
        TortureCase(
            "lwsstart: two spaces in the request line", request("INVITE  sip:ben@torture.example  SIP/2.0"),
            .refused(400)),
        TortureCase(
            "trws: spaces behind the version", request("OPTIONS sip:ben@torture.example SIP/2.0  "), .refused(400)),
        TortureCase(
            "escruri: header fields in the Request-URI",
            request("INVITE sip:ben@torture.example?Route=%3Csip:torture.test%3E SIP/2.0"), .refused(400)),
        TortureCase(
            "baddate: a time zone other than GMT, which decides nothing here",
            request("INVITE sip:ben@torture.example SIP/2.0", ["Date": "Fri, 01 Jan 2010 16:00:00 EST"]), .accepted
        ) { $0.date == "Fri, 01 Jan 2010 16:00:00 EST" },
        TortureCase(
            "regbadct: header fields in a URI without angle brackets",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                ["Contact": "sip:ann@torture.example?Route=%3Csip:torture.test%3E"]),
            .refused(400)),
        TortureCase(
            "badaspec: spaces inside the angle brackets",
            request("OPTIONS sip:ben@torture.example SIP/2.0", ["To": "\"Watson, T.\" < sip:ben@torture.example >"]),
            .refused(400)),
        TortureCase(
            "baddn: a comma in a name without quotes",
            request("OPTIONS sip:ben@torture.example SIP/2.0", ["From": "Bell, A. <sip:ann@torture.example>;tag=43"]),
            .refused(400)),
        TortureCase(
            "badvers: a version nobody speaks",
            request(
                "OPTIONS sip:ben@torture.example SIP/7.0", ["Via": "SIP/7.0/UDP h.torture.example;branch=z9hG4bK1"]),
            .refused(505)),
        TortureCase(
            "mismatch01: another method in CSeq",
            request("OPTIONS sip:ben@torture.example SIP/2.0", ["CSeq": "8 INVITE"]),
            .refused(400)),
        TortureCase(
            "mismatch02: another method in CSeq, and the one in front unknown",
            request("NOVELTY sip:ben@torture.example SIP/2.0", ["CSeq": "8 INVITE"]), .refused(501)),
        TortureCase("bigcode: a status code beyond 699", response("SIP/2.0 4294967301 do not break"), .dropped),
    ]
}
