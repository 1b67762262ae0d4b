import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct DialogTests {
    private let invite = SIPMessage.request(
        .invite, uri: SIPURI("sip:bob@example.org")!,
        headers: [
            (.via, "SIP/2.0/UDP pc33.example.org;branch=z9hG4bK1"), (.from, "Alice <sip:alice@example.org>;tag=a"),
            (.to, "<sip:bob@example.org>"), (.callID, "abc"), (.cseq, "7 INVITE"),
            (.contact, "<sip:alice@192.0.2.9>"), (.recordRoute, "<sip:p2.example.org;lr>"),
            (.recordRoute, "<sip:p1.example.org;lr>"),
        ])

    private func answer(_ status: Int = 200) -> SIPMessage {
        invite.response(status, toTag: "b", headers: [(.contact, "<sip:bob@192.0.2.10:5070>")])
    }

    private func takes(_ request: SIPMessage, _ dialog: inout Dialog) -> Bool { dialog.receive(request) }

    @Test func serverSide() throws {
        var dialog = try #require(Dialog(accepting: invite, localTag: "b"))
        #expect(dialog.id == DialogID(callID: "abc", localTag: "b", remoteTag: "a"))
        let bye = dialog.request(.bye)
        #expect(bye.requestURIText == "sip:alice@192.0.2.9")
        #expect(try bye.routes.map(\.uri.host) == ["p2.example.org", "p1.example.org"])
        #expect(try bye.from.tag == "b" && bye.to.tag == "a")
        #expect(try bye.cseq == CSeq(1, .bye))
        #expect(dialog.nextURI.host == "p2.example.org")
    }

    @Test func clientSide() throws {
        var dialog = try #require(Dialog(request: invite, response: answer()))
        #expect(dialog.id == DialogID(callID: "abc", localTag: "a", remoteTag: "b"))
        let ack = dialog.acknowledgement(of: 7)
        #expect(try ack.cseq == CSeq(7, .ack))
        let bye = dialog.request(.bye)
        #expect(try bye.cseq.number == 8)
        #expect(bye.requestURIText == "sip:bob@192.0.2.10:5070")
        #expect(try bye.routes.map(\.uri.host) == ["p1.example.org", "p2.example.org"])
        #expect(Dialog(request: invite, response: answer(100)) == nil)
        #expect(try #require(Dialog(request: invite, response: answer(180))).isEarly)
    }

    /// RFC 3261 §12.2.1.1: a strict router takes the place of the Request-URI.
    @Test func strictRouter() throws {
        let strict = invite.editing { $0.set(.recordRoute, "<sip:old.example.org;method=INVITE?Subject=x>") }
        var dialog = try #require(Dialog(accepting: strict, localTag: "b"))
        let request = dialog.request(.info)
        #expect(request.requestURIText == "sip:old.example.org")
        #expect(request.values(.route).map(\.string) == ["<sip:alice@192.0.2.9>"])
    }

    @Test func requestsOutOfOrderAreRefusedAndTargetsRefreshed() throws {
        var dialog = try #require(Dialog(accepting: invite, localTag: "b"))
        let make = { (method: SIPMethod, cseq: Int, contact: String) in
            SIPMessage.request(
                method, uri: SIPURI("sip:bob@192.0.2.10")!,
                headers: [
                    (.via, "SIP/2.0/UDP x;branch=z9hG4bK2"), (.from, "<sip:alice@example.org>;tag=a"),
                    (.to, "<sip:bob@example.org>;tag=b"), (.callID, "abc"), (.cseq, "\(cseq) \(method)"),
                    (.contact, contact),
                ])
        }
        #expect(!takes(make(.invite, 6, "<sip:old@192.0.2.9>"), &dialog))
        #expect(!takes(make(.invite, 7, "<sip:old@192.0.2.9>"), &dialog))
        #expect(takes(make(.ack, 7, "<sip:ignored@192.0.2.9>"), &dialog))
        #expect(takes(make(.invite, 12, "<sip:new@192.0.2.9>"), &dialog))
        #expect(dialog.remoteTarget.user == "new")
        #expect(takes(make(.info, 13, "<sip:info@192.0.2.9>"), &dialog))
        #expect(dialog.remoteTarget.user == "new")
        #expect(DialogID(receiving: make(.info, 14, "<sip:x@y>")) == dialog.id)
    }

    @Test func codingKeepsEverything() throws {
        var dialog = try #require(Dialog(request: invite, response: answer()))
        _ = dialog.request(.info)
        let restored = try Dialog(decoding: dialog.encode())
        #expect(restored == dialog)
        let bytes = dialog.encode()
        for count in 0..<bytes.count {
            #expect(throws: MalformedBytes.self) { try Dialog(decoding: Array(bytes.prefix(count))) }
        }
    }
}
