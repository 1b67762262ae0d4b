import SIPMessages
import Testing

struct WholeMessageTests {
    static let invite = """
        INVITE sip:bob@biloxi.com SIP/2.0\r
        Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds;rport\r
        Max-Forwards: 70\r
        To: Bob <sip:bob@biloxi.com>\r
        f: "Alice" <sip:alice@atlanta.com>;tag=1928301774\r
        Call-ID: a84b4c76e66710@pc33.atlanta.com\r
        Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>\r
        CSeq: 314159 INVITE\r
        Contact: <sip:alice@pc33.atlanta.com>;q=0.7;+sip.instance="<urn:uuid:1>";reg-id=1\r
        X-Odd:  folded\r
          here\r
        Content-Length: 4\r
        \r
        abcd
        """

    @Test func readsAnInvite() throws {
        let message = try SIPMessage(parsing: Array(Self.invite.utf8))
        #expect(message.method == .invite)
        #expect(message.requestURI?.description == "sip:bob@biloxi.com")
        #expect(try message.topVia.branch == "z9hG4bK776asdhds")
        #expect(try message.from.displayName == "Alice")
        #expect(try message.from.tag == "1928301774")
        #expect(try message.cseq == CSeq(314159, .invite))
        #expect(try message.routes.count == 2)
        #expect(try message.contacts.first?.q == 700)
        #expect(try message.contacts.first?.instance == "urn:uuid:1")
        #expect(message.value("x-odd")?.string == "folded here")
        #expect(Array(message.body) == Array("abcd".utf8))
        #expect(message.validation() == nil)
        let edited = message.editing {
            $0.prepend(.via, "SIP/2.0/TCP me;branch=z9hG4bKx")
            $0.removeFirstValue(.route)
            $0.setRequestURI(SIPURI("sip:x@192.0.2.1:5070")!)
            $0.set(.maxForwards, 69)
        }
        let again = try SIPMessage(parsing: edited.bytes)
        #expect(again.headerFields == edited.headerFields)
        #expect(try again.vias.count == 2)
        #expect(again.value(.route)?.string == "<sip:p2.example.com;lr>")
        #expect(again.requestURIText == "sip:x@192.0.2.1:5070")
        let ok = message.response(200, toTag: "abc")
        #expect(ok.text.hasPrefix("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP pc33"))
        #expect(try SIPMessage(parsing: ok.bytes).headerFields == ok.headerFields)
        #expect(try ok.to.tag == "abc")
    }

    @Test func cutsAStream() throws {
        var framer = StreamFramer()
        var found: [StreamFramer.Element] = []
        for byte in Array(("\r\n\r\n" + Self.invite + "\r\n" + Self.invite).utf8) {
            framer.append([byte])
            while let element = try framer.next() { found.append(element) }
        }
        let bytes = Array(Self.invite.utf8)
        #expect(found == [.pong, .ping, .message(bytes), .pong, .message(bytes)])
    }
}
