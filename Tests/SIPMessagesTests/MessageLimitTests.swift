import SIPMessages
import Testing

/// What a peer can make grow has an end.
struct MessageLimitTests {
    private static func fault(_ text: String) -> SIPParseError? {
        do throws(SIPParseError) {
            _ = try SIPMessage(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    private static let line = "OPTIONS sip:ben@torture.example SIP/2.0"

    @Test func refusesTooManyHeaderFields() {
        let request = TortureCase.request(Self.line)
        let many = request.dropLast() + String(repeating: "X: y\r\n", count: 260) + "\r\n"
        #expect(Self.fault(String(many))?.reason == "Too many header fields")
        #expect(Self.fault(String(many))?.response?.statusCode == 400)
    }

    @Test func refusesALineThatIsTooLong() {
        let long = String(repeating: "a", count: 17_000)
        #expect(Self.fault(TortureCase.request(Self.line, ["X": long]))?.status == 400)
        #expect(Self.fault(TortureCase.request("OPTIONS sip:\(long)@h SIP/2.0"))?.status == 400)
        let folded = String(repeating: "a\r\n ", count: 5_000) + "a"
        #expect(Self.fault(TortureCase.request(Self.line, ["X": folded]))?.status == 400)
    }

    @Test func refusesTooManyValuesAndParameters() throws {
        let routes = Array(repeating: "<sip:h>", count: 600).joined(separator: ",")
        let message = try SIPMessage(parsing: Array(TortureCase.request(Self.line, ["Route": routes]).utf8))
        #expect(throws: SIPParseError.self) { try message.routes }
        #expect(message.values(.route).count == MessageLimits.listValues)
        let parameters = String(repeating: ";a", count: 65)
        let other = TortureCase.request(Self.line, ["From": "<sip:ann@torture.example>" + parameters])
        #expect(throws: SIPParseError.self) { try SIPMessage(parsing: Array(other.utf8)).from }
    }

    @Test(arguments: ["\n", "\r", "\r\r\n", "\n\r"])
    func refusesLineEndsThatAreNone(_ end: String) {
        let text = TortureCase.request(Self.line, ["X": "a\(end)Y: b"])
        #expect(Self.fault(text) != nil)
    }

    @Test func refusesAHeadWithoutAnEnd() {
        #expect(Self.fault(String(TortureCase.request(Self.line).dropLast()))?.response?.statusCode == 400)
        #expect(Self.fault("") != nil && Self.fault("\r\n\r\n") != nil && Self.fault("x")?.response == nil)
    }

    @Test func refusesLinesThatAreNoHeaderFields() {
        for line in ["NoColon", ": no name", "Two words: x", "\u{7F}: x"] {
            let text = TortureCase.request(Self.line).dropLast() + line + "\r\n\r\n"
            #expect(Self.fault(String(text))?.response?.statusCode == 400)
        }
        #expect(Self.fault("\(Self.line)\r\n folded: first\r\n\r\n") != nil)
    }
}
