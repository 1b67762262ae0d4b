import Primitives
import Testing

@testable import Presence

@Suite("Message summaries")
struct MessageSummaryTests {
    private let alice = AddressOfRecord("alice@example.org")!

    private func state(_ text: String) throws -> MessageSummary {
        try MessageSummaryPackage.state(of: Array(text.utf8))
    }

    private func composed(_ texts: [String]) throws -> String {
        let states = try texts.map { try state($0) }
        return String(decoding: MessageSummaryPackage.document(of: alice, from: states), as: UTF8.self)
    }

    @Test("The body of RFC 3842's example is taken apart")
    func example() throws {
        let summary = try state(
            "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\n")
        #expect(summary.isWaiting)
        #expect(summary.account == "sip:alice@vmail.example.com")
        #expect(summary.lines.map(\.contextClass) == ["Voice-Message"])
        #expect(summary.lines.first?.messages == MessageCount(new: 2, old: 8))
        #expect(summary.lines.first?.urgent == MessageCount(new: 0, old: 2))
    }

    @Test("Message headers are left out, and so are lines that nobody knows")
    func headers() throws {
        let text = try composed([
            "messages-waiting:YES\nX-Colour: red\n folded: 1/2\nFAX-Message: 1/0\n\nTo: <alice@example.org>\nVoice: 1/1\n"
        ])
        #expect(text == "Messages-Waiting: yes\r\nFAX-Message: 1/0\r\n")
    }

    @Test(
        "What does not say whether messages wait is refused",
        arguments: [
            "", "\r\n\r\n", "Voice-Message: 1/2\r\nMessages-Waiting: yes\r\n", "Messages-Waiting: perhaps\r\n",
            "Messages-Waiting: yes\r\nVoice-Message: 1/2 (x)\r\n", "Messages-Waiting: yes\r\nVoice Message: 1/2\r\n",
        ])
    func refusal(text: String) {
        #expect(throws: EventStateError.self) { try state(text) }
    }

    @Test("More classes than are accepted are refused, and counts over 2^32 − 1 cut")
    func bounds() throws {
        let lines = (0...MessageSummary.maximumLines).map { "C\($0)-Message: 1/1\r\n" }.joined()
        #expect(throws: EventStateError.self) { try state("Messages-Waiting: yes\r\n" + lines) }
        let text = try composed([
            "Messages-Waiting: yes\r\nVoice-Message: 99999999999999999999/1\r\n",
            "Messages-Waiting: yes\r\nVoice-Message: 7/1\r\n",
        ])
        #expect(text.contains("Voice-Message: 4294967295/2\r\n"))
    }

    @Test("Mailboxes are added up by class")
    func sums() throws {
        let text = try composed([
            "Messages-Waiting: no\r\nMessage-Account: sip:a@one.example\r\nVoice-Message: 0/3\r\nFax-Message: 0/1\r\n",
            "Messages-Waiting: yes\r\nvoice-message: 2/1 (1/0)\r\n",
        ])
        #expect(
            text == "Messages-Waiting: yes\r\nMessage-Account: sip:alice@example.org\r\n"
                + "Voice-Message: 2/4 (1/0)\r\nFax-Message: 0/1\r\n")
    }

    @Test("RFC 3842 §3.10: where a mailbox counts nothing, no sum is given")
    func countless() throws {
        let text = try composed(["Messages-Waiting: yes\r\n", "Messages-Waiting: no\r\nVoice-Message: 0/1\r\n"])
        #expect(text == "Messages-Waiting: yes\r\nMessage-Account: sip:alice@example.org\r\n")
    }

    @Test("Nothing waits where nothing is known")
    func empty() throws {
        #expect(try composed([]) == "Messages-Waiting: no\r\n")
    }

    @Test("What is composed is read again as the same")
    func roundTrip() throws {
        let text = try composed([
            "Messages-Waiting: yes\r\nMessage-Account: sip:a@b.example\r\nText-Message: 3/4 (1/2)\r\n"
        ])
        #expect(try composed([text]) == text)
    }

    @Test("The owner alone sees it")
    func access() throws {
        let document = Array("Messages-Waiting: yes\r\n".utf8)
        #expect(MessageSummaryPackage.document(document, permittedBy: .everything) == document)
        #expect(MessageSummaryPackage.document(document, permittedBy: .nothing) == nil)
        #expect(MessageSummaryPackage.document(document, version: 7) == document)
    }
}
