import SIPMessages
import Testing

struct HeaderViewTests {
    private static func message(_ fields: KeyValuePairs<String, String?>) throws -> SIPMessage {
        try SIPMessage(parsing: Array(TortureCase.request("NOTIFY sip:ben@torture.example SIP/2.0", fields).utf8))
    }

    @Test func splitsListsAtTheRightCommas() throws {
        let message = try Self.message([
            "Route": "\"a, \\\", b\" <sip:one@h;x=1,2>;p=\"c,d\" , <sip:two@h>", "route": "<sip:three@h>",
            "Supported": "path,, outbound , gruu", "Subject": "one, two", "X-Own": "one, two",
            "Warning": "399 h \"a, b\", 301 h:5060 \"c\"",
        ])
        #expect(try message.routes.map(\.uri.user) == ["one", "two", "three"])
        #expect(try message.routes[0].displayName == "a, \", b")
        #expect(try message.routes[0].parameters["p"] == "c,d")
        #expect(try message.supported == ["path", "outbound", "gruu"] && message.supports("GRUU"))
        #expect(message.values(.subject).count == 1 && message.values("x-own").count == 1)
        #expect(try message.warnings.map(\.code) == [399, 301])
        #expect(try message.warnings.map(\.text) == ["a, b", "c"])
    }

    @Test func readsContacts() throws {
        let message = try Self.message([
            "Contact": "<sip:a@h>;q=0.25;expires=60;+sip.instance=\"<urn:uuid:1>\";reg-id=2, sip:b@h;q=1.000;expires=x"
        ])
        let contacts = try message.contacts
        #expect(contacts.map(\.q) == [250, 1000] && contacts.map(\.expires) == [60, nil])
        #expect(contacts[0].instance == "urn:uuid:1" && contacts[0].regID == 2 && contacts[1].regID == nil)
        #expect(!message.isContactWildcard)
        #expect(try Self.message(["Contact": "*"]).isContactWildcard)
        #expect(throws: SIPParseError.self) { try Self.message(["Contact": "*, <sip:a@h>"]).contacts }
        for q in ["1.001", "2", "0.1234", ".5", "0,5", "", "00.5", "-0"] { #expect(ContactHeader.qvalue(q) == nil) }
    }

    @Test func readsWhatDialogsDependOn() throws {
        let message = try Self.message([
            "Replaces": "12@h ;from-tag=a;to-tag=b;early-only", "x": "1800;refresher=uac",
            "b": "\"Carol\" <sip:carol@h>;cid=1",
        ])
        let replaces = try #require(try message.replaces)
        #expect(replaces.callID == "12@h" && replaces.toTag == "b" && replaces.fromTag == "a")
        #expect(message.sessionExpires == 1800)
        #expect(try message.referredBy?.displayName == "Carol")
        #expect(throws: SIPParseError.self) { try Self.message(["Replaces": "12@h;to-tag=b"]).replaces }
        #expect(throws: SIPParseError.self) { try Self.message(["Replaces": ";to-tag=b;from-tag=a"]).replaces }
        #expect(try Self.message(["Session-Expires": "soon"]).sessionExpires == nil)
        let bare = try Self.message([:])
        #expect(try bare.replaces == nil && bare.sessionExpires == nil && bare.referredBy == nil)
    }

    @Test func readsEventsAndStates() throws {
        let message = try Self.message([
            "o": "presence.winfo;id=a7", "Subscription-State": "Terminated;reason=Rejected;retry-after=9;expires=1",
            "SIP-ETag": "e1", "SIP-If-Match": "e 2", "Expires": "4294967296",
        ])
        #expect(try message.event?.package == "presence.winfo" && message.event?.id == "a7")
        #expect(try message.subscriptionState?.state == .terminated && message.subscriptionState?.reason == "rejected")
        #expect(try message.subscriptionState?.retryAfter == 9 && message.sipETag == "e1" && message.expires == nil)
        #expect(throws: SIPParseError.self) { try message.sipIfMatch }
    }

    @Test func readsAndWritesCredentials() throws {
        let message = try Self.message([
            "Authorization":
                "Digest username=\"a\\\"n\", realm=\"x, y\",nonce=\"\", uri=\"sip:h\",\r\n  qop=auth, nc=00000001",
            "WWW-Authenticate": "Basic abc==", "Proxy-Authenticate": "Digest realm=\"r\", stale=TRUE,",
        ])
        let credentials = try #require(try message.authorization.first)
        #expect(credentials.isDigest && credentials["username"] == "a\"n" && credentials["realm"] == "x, y")
        #expect(credentials["nonce"] == "" && credentials["NC"] == "00000001" && credentials["cnonce"] == nil)
        #expect(try AuthHeader(HeaderText(credentials.text)) == credentials)
        #expect(try message.wwwAuthenticate.first?.opaque == "abc==")
        #expect(try message.proxyAuthenticate.first?["stale"] == "TRUE")
        #expect(throws: SIPParseError.self) { try AuthHeader(HeaderText("Digest realm=\"x")) }
        var challenge = AuthHeader()
        challenge.setQuoted("realm", "a\"b")
        challenge.set("algorithm", "MD5")
        #expect(challenge.text == "Digest realm=\"a\\\"b\", algorithm=MD5")
    }

    @Test func readsTheRest() throws {
        let message = try Self.message([
            "Retry-After": "18 (in (a) while) ;duration=60",
            "Reason": "SIP;cause=200;text=\"Done, elsewhere\", Q.850;cause=16",
            "Max-Breadth": "60", "Accept": "application/sdp;level=1, Text/*;q=0.5", "Date": "x",
            "Reply-To": "<sip:r@h>",
            "Refer-To": "sip:q@h", "P-Asserted-Identity": "\"A\" <sip:a@h>, <tel:+1>", "Path": "<sip:p@h;lr;ob>",
            "Allow": "INVITE, NOVEL", "Content-Encoding": "deflate",
        ])
        #expect(try message.retryAfter?.seconds == 18 && message.retryAfter?.duration == 60)
        #expect(try message.reasons.map(\.cause) == [200, 16] && message.reasons[0].text == "Done, elsewhere")
        #expect(try message.maxBreadth == 60 && message.allow == [.invite, .other("NOVEL")])
        #expect(try message.accept?[1].accepts(MediaType("text", "plain")) == true && message.accept?[1].q == 500)
        #expect(try message.replyTo?.uri.user == "r" && message.referTo?.uri.user == "q")
        #expect(try message.assertedIdentities.map(\.uri.scheme) == [.sip, .tel])
        #expect(try message.path[0].uri.parameters.contains("ob") && message.contentEncoding == ["deflate"])
    }

    @Test func treatsNamesAlikeInAllForms() {
        #expect(HeaderName("v") == .via && HeaderName("VIA") == .via && HeaderName("X-a") == HeaderName("x-A"))
        #expect(
            HeaderName("X-a") != HeaderName("X-b") && HeaderName("k") == .supported && "\(HeaderName("CSEQ"))" == "CSeq"
        )
        #expect(Set(["x-A", "X-a", "i", "Call-ID"].map { HeaderName($0) }).count == 2)
        #expect(HeaderName("") == HeaderName("") && HeaderName("z").isList == false && HeaderName("m").isList)
    }
}
