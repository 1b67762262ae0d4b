import Primitives
import SIPMessages
import SIPStack
import Testing

/// What RFC 4475 and RFC 5118 say must come of hard messages, asked of the whole server with messages of our own.
struct TortureServerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let outcome: TortureServer.Outcome

        /// - Parameter changes: header fields that take the place of those that every request has, or are added; nil
        ///   takes one out.
        init(
            _ name: String, _ line: String, _ changes: KeyValuePairs<String, String?> = [:], body: String = "",
            _ outcome: TortureServer.Outcome
        ) {
            self.name = name
            self.outcome = outcome
            let method = String(line.prefix { $0 != " " })
            var fields: [(String, String?)] = [
                ("Via", "SIP/2.0/UDP 203.0.113.5;branch=z9hG4bKhard"), ("Max-Forwards", "70"),
                ("From", "<sip:ann@torture.example>;tag=a"), ("To", "<sip:ben@torture.example>"),
                ("Call-ID", "hard"), ("CSeq", "9 \(method)"),
            ]
            for (key, value) in changes {
                if let place = fields.firstIndex(where: { $0.0 == key }) {
                    fields[place].1 = value
                } else {
                    fields.append((key, value))
                }
            }
            let head = fields.compactMap { key, value in value.map { "\(key): \($0)\r\n" } }.joined()
            text = "\(line)\r\n\(head)\r\n\(body)"
        }

        init(_ name: String, _ line: String, _ outcome: TortureServer.Outcome) { self.init(name, line, [:], outcome) }

        var testDescription: String { name }
    }

    private static let options = "OPTIONS sip:ben@torture.example SIP/2.0"
    private static let invite = "INVITE sip:ben@torture.example SIP/2.0"
    private static let register = "REGISTER sip:torture.example SIP/2.0"

    private static let wellFormed: [Row] = [
        Row(
            "every character that a method may have", "N-o.v!e%l*_+`'~9 sip:1_u.~(x)&y=+$,;?/@torture.example SIP/2.0",
            .forwarded),
        Row("no space before the angle bracket", options, ["From": "Ann<sip:ann@torture.example>;tag=a"], .forwarded),
        Row(
            "folded lines and odd spaces", options,
            ["To": "\r\n \t<sip:ben@torture.example>", "CSeq": "0009\r\n OPTIONS"],
            .forwarded),
        Row(
            "a URI of SIP escaped in a user part", "INVITE sip:sip%3Aben%40torture.example@torture.example SIP/2.0",
            .forwarded),
        Row("an escaped zero in a user part", "OPTIONS sip:null-%00-null@torture.example SIP/2.0", .forwarded),
        Row("a parameter within the user part", "OPTIONS sip:ben;phone=7@torture.example SIP/2.0", .forwarded),
        Row(
            "transports that nobody knows", options,
            ["Via": "SIP/2.0/UDP 203.0.113.5;branch=z9hG4bK1, SIP/2.0/NOVEL 203.0.113.6;branch=z9hG4bK2"], .forwarded),
        Row(
            "octets behind the body", options, ["Content-Length": "0"], body: "INVITE sip:x SIP/2.0\r\n\r\n", .forwarded
        ),
        Row("a time zone that is not GMT", invite, ["Date": "Fri, 01 Jan 2010 16:00:00 EST"], .forwarded),
        Row(
            "a branch of nothing but the cookie", options, ["Via": "SIP/2.0/UDP 203.0.113.5;branch=z9hG4bK"], .forwarded
        ),
        Row("a client of RFC 2543", invite, ["Via": "SIP/2.0/UDP 203.0.113.5", "Max-Forwards": nil], .forwarded),
        Row("Max-Forwards beyond 255, which counts as none", options, ["Max-Forwards": "256"], .forwarded),
        Row("a body of an unknown type", invite, ["Content-Type": "application/novel"], body: "<a/>", .forwarded),
        Row("only unknown types accepted", invite, ["Accept": "text/nobodyKnowsThis"], .forwarded),
        Row("an IPv6 reference", "OPTIONS sip:ben@[2001:db8::10] SIP/2.0", .forwarded),
        Row(
            "an IPv6 address in received, bare and in brackets", options,
            [
                "Via": "SIP/2.0/UDP [2001:db8::9]:5061;received=2001:db8::9;branch=z9hG4bKa, "
                    + "SIP/2.0/UDP [2001:db8::8];received=[2001:db8::8];branch=z9hG4bKb"
            ], .forwarded),
        Row("credentials of an unknown scheme", register, ["Authorization": "Novel data=here"], .answered(200)),
        Row("a parameter of the contact", register, ["Contact": "sip:ann@203.0.113.5;novel"], .answered(200)),
        Row(
            "header fields in a contact", register, ["Contact": "<sip:ann@203.0.113.5?Route=%3Csip:x.example%3E>"],
            .answered(200)),
        Row("OPTIONS that goes no further", options, ["Max-Forwards": "0"], .answered(200)),
    ]

    private static let refused: [Row] = [
        Row("separators with nothing between", invite, ["Via": "SIP/2.0/UDP 203.0.113.5;;,;,,"], .answered(400)),
        Row("a body shorter than stated", invite, ["Content-Length": "9999"], body: "v=0\r\n", .answered(400)),
        Row("a negative length", invite, ["Content-Length": "-1"], body: "v=0\r\n", .answered(400)),
        Row(
            "lengths that contradict each other", options, ["Content-Length": "4\r\nl: 15"], body: "v=0\r\n",
            .answered(400)),
        Row("a CSeq that no number holds", register, ["CSeq": "36893488147419103232 REGISTER"], .answered(400)),
        Row("a quote without end", invite, ["To": "\"Mr. Ben <sip:ben@torture.example>"], .answered(400)),
        Row("brackets around the Request-URI", "INVITE <sip:ben@torture.example> SIP/2.0", .answered(400)),
        Row("a space in the Request-URI", "INVITE sip:ben@torture.example; lr SIP/2.0", .answered(400)),
        Row("two spaces in the request line", "INVITE  sip:ben@torture.example SIP/2.0", .answered(400)),
        Row("a space behind the version", "OPTIONS sip:ben@torture.example SIP/2.0 ", .answered(400)),
        Row(
            "header fields in the Request-URI", "INVITE sip:ben@torture.example?Route=%3Csip:x%3E SIP/2.0",
            .answered(400)),
        Row(
            "header fields in a contact without brackets", register,
            ["Contact": "sip:ann@203.0.113.5?Route=%3Csip:x.example%3E"], .answered(400)),
        Row("spaces within a URI", options, ["To": "Ben < sip:ben@torture.example >"], .answered(400)),
        Row("a comma in a bare name", options, ["From": "Bell, A. <sip:ann@torture.example>;tag=a"], .answered(400)),
        Row("another version", "OPTIONS sip:ben@torture.example SIP/7.0", .answered(505)),
        Row("another method in CSeq", options, ["CSeq": "9 INVITE"], .answered(400)),
        Row(
            "an unknown method and another in CSeq", "NOVEL sip:ben@torture.example SIP/2.0", ["CSeq": "9 INVITE"],
            .answered(501)),
        Row("neither Call-ID nor From nor To", invite, ["Call-ID": nil, "From": nil, "To": nil], .answered(400)),
        Row("a scheme nobody knows", "OPTIONS novel:thing SIP/2.0", .answered(416)),
        Row(
            "To of a scheme that has no users", register, ["To": "isbn:2983792873", "Contact": "<name:Ann>"],
            .answered(400)),
        Row("extensions that no proxy has", options, ["Proxy-Require": "novel1, novel2"], .answered(420)),
        Row(
            "two Call-IDs, two CSeqs", invite, ["Call-ID": "1\r\nCall-ID: 2", "CSeq": "5 INVITE\r\nCSeq: 6 INVITE"],
            .answered(400)),
        Row("no more hops", invite, ["Max-Forwards": "0"], .answered(483)),
        Row("an IPv6 address without brackets", "REGISTER sip:2001:db8::10 SIP/2.0", .answered(400)),
    ]

    private static let ignored: [Row] = [
        Row("a response that nobody waits for", "SIP/2.0 200 ", ["CSeq": "9 INVITE"], .ignored),
        Row(
            "a response with numbers too large", "SIP/2.0 503 Service Unavailable",
            ["CSeq": "9292394834772304023312 OPTIONS", "Retry-After": "949302838503028349304023988"], .ignored),
        Row("a status code beyond 699", "SIP/2.0 4294967301 better not", ["CSeq": "9 INVITE"], .ignored),
        Row(
            "a response to everybody", "SIP/2.0 200 OK",
            [
                "Via": "SIP/2.0/UDP 192.0.2.77;branch=z9hG4bK1, SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK2",
                "CSeq": "9 INVITE",
            ], .ignored),
        Row("an ACK that can't be read", "ACK sip:ben@torture.example SIP/2.0", ["To": "\"Ben"], .ignored),
        Row("a request without a Via", options, ["Via": nil], .ignored),
    ]

    @Test(arguments: wellFormed + refused + ignored)
    func comesOut(_ row: Row) {
        let outcome = TortureServer.outcome(of: Array(row.text.utf8))
        #expect(outcome == row.outcome)
    }

    @Test func aRegisteredContactKeepsWhatItIs() throws {
        for contact in ["<sip:ann@203.0.113.5;novel>", "<sip:ann@203.0.113.5?Route=%3Csip:x.example%3E>"] {
            let row = Row("", Self.register, ["Contact": contact, "To": "<sip:ann@torture.example>"], .answered(200))
            let response = try #require(TortureServer.answers(to: Array(row.text.utf8)).first)
            #expect(try response.contacts.first?.uri.description == String(contact.dropFirst().dropLast()))
        }
    }

    /// RFC 4475 §3.3.7: credentials that can't be read are none.
    @Test func credentialsOfAnUnknownSchemeAreNone() throws {
        let row = Row("", Self.register, ["Authorization": "Novel data=here"], .answered(401))
        let response = try #require(TortureServer.answers(to: Array(row.text.utf8), credentials: true).first)
        #expect(response.statusCode == 401)
    }
}
