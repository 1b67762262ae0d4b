import SIPMessages
import Testing

struct StreamFramerTests {
    private static func message(_ length: String?, body: String = "") -> [UInt8] {
        let changes: KeyValuePairs<String, String?> = ["Content-Length": length]
        return Array(TortureCase.request("MESSAGE sip:ben@torture.example SIP/2.0", changes, body: body).utf8)
    }

    private static func fault(_ bytes: [UInt8], maximumTotal: Int = MessageLimits.total) -> SIPParseError? {
        var framer = StreamFramer(maximumTotal: maximumTotal)
        framer.append(bytes)
        do throws(SIPParseError) {
            while try framer.next() != nil {}
            return nil
        } catch {
            // A broken stream stays broken.
            framer.append(message("0"))
            do throws(SIPParseError) {
                _ = try framer.next()
                return nil
            } catch let again {
                return again == error ? error : nil
            }
        }
    }

    @Test(arguments: [nil, "-1", "five", "5, 5", "+5", "", "99999999999999999999"] as [String?])
    func refusesALengthThatIsNone(_ length: String?) {
        let fault = Self.fault(Self.message(length, body: "hello"))
        #expect(fault?.status == 400 && fault?.response?.statusCode == 400)
    }

    @Test func refusesLengthsThatDiffer() {
        let text = TortureCase.request(
            "MESSAGE sip:ben@torture.example SIP/2.0", ["Content-Length": "5", "l": "0"], body: "hello")
        #expect(Self.fault(Array(text.utf8))?.response?.statusCode == 400)
        let same = TortureCase.request(
            "MESSAGE sip:ben@torture.example SIP/2.0", ["Content-Length": "5", "l": "5"], body: "hello")
        #expect(Self.fault(Array(same.utf8)) == nil)
    }

    @Test func refusesABodyThatIsTooLarge() {
        #expect(Self.fault(Self.message("2000", body: ""), maximumTotal: 2_000)?.response?.statusCode == 513)
        #expect(Self.fault(Self.message("524288"))?.status == 513)
    }

    @Test func refusesAHeadWithoutEnd() {
        let endless =
            Array("MESSAGE sip:ben@torture.example SIP/2.0\r\n".utf8)
            + Array(repeating: Array("X: y\r\n".utf8), count: 12_000).flatMap { $0 }
        #expect(Self.fault(endless)?.status == 400)
        #expect(Self.fault(Array(repeating: 0x41, count: 70_000))?.status == 400)
    }

    @Test func refusesABrokenHeadAndAnswersIt() {
        let text = TortureCase.request("MESSAGE  sip:ben@torture.example SIP/2.0", ["Content-Length": "0"])
        #expect(Self.fault(Array(text.utf8))?.response?.statusCode == 400)
        #expect(Self.fault(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))?.response == nil)
    }

    @Test func givesMessagesAndKeepAlivesInTheirOrder() throws {
        let first = Self.message("5", body: "\r\n\r\nx")
        let second = Self.message("0")
        var framer = StreamFramer()
        framer.append(Array("\r\n\r\n".utf8) + first + Array("\r\n".utf8) + second + second.dropLast(3))
        var found: [StreamFramer.Element] = []
        while let element = try framer.next() { found.append(element) }
        #expect(found == [.ping, .message(first), .pong, .message(second)])
        #expect(framer.pendingByteCount == second.count - 3)
        framer.append(second.suffix(3))
        #expect(try framer.next() == .message(second))
        #expect(framer.pendingByteCount == 0)
    }

    /// A ping that arrives in two halves must be answered all the same (RFC 5626 §4.4.1).
    @Test func findsAPingInTwoHalves() throws {
        var framer = StreamFramer()
        var found: [StreamFramer.Element] = []
        for byte in "\r\n\r\n".utf8 {
            framer.append([byte])
            while let element = try framer.next() { found.append(element) }
        }
        #expect(found == [.pong, .ping])
    }
}
