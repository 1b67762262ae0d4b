import Primitives
import SIPMessages
import Testing

struct SIPURITests {
    @Test func takesAUserPartApart() throws {
        let uri = try #require(
            SIPURI("sips:a%20b;x=1:secret@Example.ORG:5071;transport=TCP;lr;maddr=192.0.2.1?subject=hi&to=x%40y"))
        #expect(uri.scheme == .sips && uri.user == "a%20b;x=1" && uri.password == "secret")
        #expect(uri.host == "Example.ORG" && uri.port == 5071 && uri.decodedUser == "a b;x=1")
        #expect(uri.parameters["Transport"] == "TCP" && uri.isLooseRouter && uri.parameter("maddr") == "192.0.2.1")
        #expect(uri.headers == [.init(name: "subject", value: "hi"), .init(name: "to", value: "x%40y")])
        #expect(
            "\(uri)" == "sips:a%20b;x=1:secret@Example.ORG:5071;transport=TCP;lr;maddr=192.0.2.1?subject=hi&to=x%40y")
    }

    @Test(arguments: [
        "", "sip", "sip:", ":x", "1sip:x", "sip:@h", "sip:a@", "sip:a@b@c", "sip:h:", "sip:h:x", "sip:h:65536",
        "sip:h:-1",
        "sip:h;", "sip:h;;lr", "sip:h;=x", "sip:h;x=", "sip:h;lr;LR", "sip:h;maddr=a;%6daddr=b", "sip:h?x", "sip:h?=x",
        "sip:%zz@h", "sip:a%4", "sip:a b@h",
        "sip:<h>",
        "sip:[::1", "sip:[::1]x", "sip:[zz]", "sip:::1", "sip:h\u{0}", "sip:h/x", "sip:a\"b@h", "tel:",
    ])
    func refuses(_ text: String) { #expect(SIPURI(text) == nil) }

    @Test func refusesWhatIsTooLong() {
        #expect(SIPURI("sip:" + String(repeating: "a", count: 9_000) + "@h") == nil)
        #expect(SIPURI("sip:h" + String(repeating: ";a", count: 65)) == nil)
        #expect(SIPURI("sip:" + String(repeating: "a", count: 256)) == nil)
    }

    @Test func keepsOtherSchemes() {
        #expect(SIPURI("tel:+358-555-12;phone-context=x")?.opaque == "+358-555-12;phone-context=x")
        #expect(SIPURI("URN:service:sos")?.description == "urn:service:sos")
        #expect(SIPURI("tel:1")?.addressOfRecord == nil)
    }

    /// The pairs that RFC 3261 §19.1.4 gives as equal, in names of our own.
    @Test(arguments: [
        ("sip:%61lice@a.example;transport=TCP", "sip:alice@A.example;Transport=tcp"),
        ("sip:carol@b.example", "sip:carol@b.example;newparam=5"),
        ("sip:carol@b.example", "sip:carol@b.example;security=on"),
        (
            "sip:b.example;transport=tcp;method=REGISTER?to=sip:b%40c.example",
            "sip:b.example;method=REGISTER;transport=tcp?to=sip:b%40c.example"
        ),
        ("sip:alice@a.example?subject=x&priority=urgent", "sip:alice@a.example?priority=urgent&subject=x"),
        ("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::1]"),
    ])
    func equals(_ a: String, _ b: String) throws {
        let (a, b) = (try #require(SIPURI(a)), try #require(SIPURI(b)))
        #expect(a.isEquivalent(to: b) && b.isEquivalent(to: a))
    }

    /// The pairs that it gives as different.
    @Test(arguments: [
        ("SIP:ALICE@a.example;transport=udp", "sip:alice@a.example;transport=UDP"),
        ("sip:bob@b.example", "sip:bob@b.example:5060"), ("sip:bob@b.example", "sip:bob@b.example;maddr=192.0.2.1"),
        ("sip:bob@b.example", "sip:bob@b.example;user=phone"), ("sip:bob@b.example:6000", "sip:bob@b.example:5060"),
        ("sip:carol@c.example", "sip:carol@c.example?subject=next"), ("sip:bob@phone21.b.example", "sip:bob@192.0.2.4"),
        ("sip:carol@c.example;security=on", "sip:carol@c.example;security=off"), ("sip:a@h", "sips:a@h"),
        ("sip:a:x@h", "sip:a:X@h"), ("sip:a@h", "sip:h"),
    ])
    func differs(_ a: String, _ b: String) throws {
        let (a, b) = (try #require(SIPURI(a)), try #require(SIPURI(b)))
        #expect(!a.isEquivalent(to: b) && !b.isEquivalent(to: a))
    }

    @Test func givesThePublicName() {
        #expect(SIPURI("sips:Ann%2Fx:pw@Example.org:5061;lr?a=b")?.addressOfRecord?.description == "Ann/x@example.org")
        #expect(SIPURI("sip:a%40b%25%00@h")?.addressOfRecord?.user == "a%40b%25%00")
        // One user under every spelling, and never two under one.
        #expect(SIPURI("sip:%C3%BC@h")?.addressOfRecord == SIPURI("sip:\u{FC}@h")?.addressOfRecord)
        #expect(SIPURI("sip:%fe@h")?.addressOfRecord != SIPURI("sip:%ff@h")?.addressOfRecord)
        #expect(SIPURI("sip:h")?.addressOfRecord == nil)
    }

    @Test func saysWhereItLeads() {
        #expect(SIPURI("sip:a@192.0.2.1")?.endpoint == Endpoint("192.0.2.1:5060"))
        #expect(SIPURI("sips:a@[::1]")?.endpoint == Endpoint("[::1]:5061"))
        #expect(SIPURI("sip:a@h")?.endpoint == nil && SIPURI("sip:a@h;transport=WS")?.transport == .ws)
        #expect(SIPURI("sip:a@h;transport=novelty")?.transport == nil)
    }
}
