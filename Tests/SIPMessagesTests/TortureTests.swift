import SIPMessages
import Testing

/// What RFC 4475 and RFC 5118 say must come of their messages, tried on messages of our own with the same faults.
struct TortureTests {
    @Test func theTablesAreWhole() {
        let number = TortureCase.valid.count + TortureCase.invalid.count + TortureCase.semantics.count
        #expect(number == 49 && TortureCase.ipv6.count == 12)
    }

    @Test(arguments: TortureCase.valid + TortureCase.invalid + TortureCase.semantics + TortureCase.ipv6)
    func comesOut(_ row: TortureCase) throws {
        let (outcome, message) = TortureCase.outcome(of: row.bytes)
        #expect(outcome == row.outcome)
        let read = try #require(message)
        #expect(try row.holds(read))
        guard outcome == .accepted else { return }
        // What was accepted goes out as it came in, and reads the same again after an edit that changes nothing else.
        #expect(row.bytes.starts(with: read.bytes))
        let edited = read.editing { $0.append("X-Torture", "1") }
        #expect(Array(try SIPMessage(parsing: edited.bytes).headerFields.dropLast()) == read.headerFields)
    }

    /// The message in RFC 4475's archive that its text does not have: a request line without a version, and a line
    /// without a colon.
    @Test func theMessageBesideTheText() {
        let text =
            "INVITE sip:ben@torture.example\r\nTO : ben@torture.example\r\nNovelty 1\r\nContent-Length: 3\r\n\r\nabc"
        #expect(TortureCase.outcome(of: Array(text.utf8)).0 == .dropped)
    }
}
