import SIPMessages
import Testing

struct EditingTests {
    private static let text = TortureCase.request(
        "INVITE sip:ben@torture.example SIP/2.0",
        ["Route": "<sip:a;lr> ,\r\n <sip:b;lr>", "X-Odd": "kept\r\n as it is  ", "route": "<sip:c;lr>"], body: "body")

    @Test func keepsEveryByteItDoesNotChange() throws {
        let message = try SIPMessage(parsing: Array(Self.text.utf8))
        let edited = message.editing {
            $0.prepend(.via, "SIP/2.0/UDP own;branch=z9hG4bK1")
            $0.removeFirstValue(.route)
        }
        let expected = Self.text.replacing(
            "Via: ", with: "Via: SIP/2.0/UDP own;branch=z9hG4bK1\r\nVia: ", maxReplacements: 1
        )
        .replacing("<sip:a;lr> ,\r\n <sip:b;lr>", with: "<sip:b;lr>")
        #expect(edited.text == expected)
    }

    @Test func removesValueAfterValue() throws {
        var message = try SIPMessage(parsing: Array(Self.text.utf8))
        for left in [2, 1, 0, 0] {
            message = message.editing { $0.removeFirstValue(.route) }
            #expect(message.values(.route).count == left)
        }
        let atOnce = try SIPMessage(parsing: Array(Self.text.utf8)).editing {
            for _ in 0..<3 { $0.removeFirstValue(.route) }
        }
        #expect(atOnce == message && !atOnce.contains(.route))
    }

    /// What stands between two commas and is nothing is no value, neither to who reads nor to who removes.
    @Test func passesOverEmptyValues() throws {
        let text = TortureCase.request(
            "INVITE sip:ben@torture.example SIP/2.0",
            ["Route": "", "route": " , <sip:a;lr>,, ,<sip:b;lr>,", "ROUTE": ","])
        let message = try SIPMessage(parsing: Array(text.utf8))
        #expect(message.values(.route).map(\.string) == ["<sip:a;lr>", "<sip:b;lr>"])
        #expect(try message.topRoute?.uri.host == "a")
        let edited = message.editing { $0.removeFirstValue(.route) }
        #expect(edited.values(.route).map(\.string) == ["<sip:b;lr>"])
        let replaced = message.editing { $0.replaceFirst(.route, "<sip:c;lr>") }
        #expect(replaced.values(.route).map(\.string) == ["<sip:c;lr>", "<sip:b;lr>"])
        #expect(try SIPMessage(parsing: replaced.bytes).headerFields == replaced.headerFields)
    }

    @Test func seesItsOwnChanges() throws {
        let message = try SIPMessage(parsing: Array(Self.text.utf8)).editing {
            $0.set(.route, "<sip:x;lr>, <sip:y;lr>")
            $0.removeFirstValue(.route)
            $0.append(.route, "<sip:z;lr>")
            $0.replaceFirst(.route, "<sip:w;lr>")
            $0.append("X-New", "1")
            $0.prepend("X-First", "0")
            $0.setBody(Array("other body".utf8))
        }
        #expect(message.values(.route).map(\.string) == ["<sip:w;lr>", "<sip:z;lr>"])
        #expect(message.headerFields.first?.name == "X-First" && message.value("X-New")?.string == "1")
        #expect(try message.contentLength == 10 && Array(message.body) == Array("other body".utf8))
        #expect(try SIPMessage(parsing: message.bytes).headerFields == message.headerFields)
    }

    @Test func letsNoValueBecomeAHeaderField() throws {
        let message = SIPMessage.request(
            .message, uri: SIPURI(user: "a", host: "h"),
            headers: [(.subject, "x\r\nEvil: 1\r\n\r\n"), ("Y\r\nEvil", "2")])
        #expect(message.headerFields.count == 3 && !message.contains("Evil"))
        #expect(try SIPMessage(parsing: message.bytes).headerFields == message.headerFields)
    }

    @Test func answersAsTheRulesSay() throws {
        let request = try SIPMessage(
            parsing: Array(
                TortureCase.request(
                    "INVITE sip:ben@torture.example SIP/2.0",
                    ["v": "SIP/2.0/UDP two;branch=z9hG4bK2", "Record-Route": "<sip:p;lr>", "Timestamp": "54"], body: "x"
                ).utf8))
        let trying = request.response(100, toTag: "b1")
        #expect(trying.value(.timestamp)?.string == "54" && !trying.contains(.recordRoute))
        #expect(try trying.to.tag == nil && trying.vias.count == 2 && trying.body.isEmpty)
        let ok = request.response(
            200, toTag: "b1", headers: [(.contact, "<sip:b@h>")], body: [1, 2, 3], contentType: "application/sdp")
        #expect(try ok.to.tag == "b1" && ok.recordRoutes.count == 1 && ok.contentLength == 3 && ok.statusCode == 200)
        #expect(try ok.cseq == request.cseq && ok.callID == request.callID && ok.reasonPhrase == "OK")
        #expect(try ok.response(200, toTag: "other").to.tag == "b1")
        #expect(!request.response(404).contains(.recordRoute))
        #expect(MessageFault(status: 400, reason: "x").response(to: ok) == nil)
        let ack = try SIPMessage(parsing: Array(TortureCase.request("ACK sip:b@h SIP/2.0").utf8))
        #expect(MessageFault(status: 400, reason: "x").response(to: ack) == nil)
    }
}
