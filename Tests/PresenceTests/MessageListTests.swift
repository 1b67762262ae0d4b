import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite("Messages to lists")
struct MessageListTests {
    private static let alice = AddressOfRecord("alice@example.org")!
    private static let bob = AddressOfRecord("bob@example.org")!
    private static let carol = AddressOfRecord("carol@example.org")!

    /// A service with what it said last, and rules that are known at once but where a test says otherwise.
    private struct Driver {
        var service = MessageListService(random: RandomSource(seed: 3))
        var now = Instant(secondsSince1970: 1_000)
        var rules: [AddressOfRecord: SubscriptionHandling?] = [:]
        var response: SIPMessage?
        var sent: [SIPMessage] = []

        mutating func handle(_ event: MessageListService.Event) {
            var actions: [MessageListService.Action] = []
            service.handle(event, at: now, into: &actions)
            for action in actions {
                switch action {
                case .respond(_, let response): self.response = response
                case .sendRequest(_, let request): sent.append(request)
                case .ask(let recipient, let sender):
                    guard let handling = rules[recipient] ?? .allow else { continue }
                    handle(.handling(of: recipient, for: sender, handling))
                case .accepted: break
                }
            }
        }

        mutating func send(
            to uris: [String], list: String? = nil, parts: [String] = ["Content-Type: text/plain\r\n\r\nHello"],
            require: String = "recipient-list-message", sender: AddressOfRecord? = alice
        ) throws -> Int? {
            response = nil
            sent = []
            let list =
                "Content-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n\r\n"
                + (list ?? ListFixtures.flat(uris))
            let body = (parts + [list]).map { "--b\r\n\($0)\r\n" }.joined() + "--b--\r\n"
            let request = SIPMessage.request(
                .message, uri: SIPURI("sip:all@example.org")!,
                headers: [
                    (.via, "SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKm"), (.from, "\"Al\" <sip:alice@example.org>;tag=a"),
                    (.to, "<sip:all@example.org>"), (.callID, "call"), (.cseq, "7 MESSAGE"), (.subject, "Lunch"),
                    (.require, require), (.authorization, "Digest username=\"alice\""), (.maxForwards, "3"),
                ], body: Array(body.utf8), contentType: "multipart/mixed;boundary=\"b\"")
            handle(.request(ServerTransactionID(1), request, sender: sender))
            return response?.statusCode
        }
    }

    @Test("Each recipient gets one copy, as if the sender had written to them alone")
    func copies() throws {
        var driver = Driver()
        let uris = ["sip:bob@example.org", "sip:carol@example.org;method=INVITE?body=x", "sip:bob@example.org:5060"]
        #expect(try driver.send(to: uris) == 202)
        #expect(driver.sent.map { $0.requestURIText } == ["sip:bob@example.org", "sip:carol@example.org"])
        let copy = try #require(driver.sent.last)
        #expect(copy.method == .message)
        #expect(String(decoding: copy.body, as: UTF8.self) == "Hello")
        #expect(try copy.contentType?.essence == "text/plain")
        let (from, to) = (try copy.from, try copy.to)
        #expect(from.displayName == "Al" && from.uri.addressOfRecord == Self.alice && from.tag != "a")
        #expect(to.uri.addressOfRecord == Self.carol && to.tag == nil)
        #expect(try copy.callID != "call" && copy.callID != driver.sent[0].callID)
        #expect(try copy.maxForwards == 70)
        #expect(copy.value(.subject)?.string == "Lunch")
        #expect(!copy.contains(.require) && !copy.contains(.authorization) && !copy.contains(.via))
    }

    @Test("Several parts stay together, without the list")
    func severalParts() throws {
        var driver = Driver()
        let parts = ["Content-Type: text/plain\r\n\r\nHello", "Content-Type: image/png\r\n\r\n123"]
        #expect(try driver.send(to: ["sip:bob@example.org"], parts: parts) == 202)
        let copy = try #require(driver.sent.first)
        let left = try MultipartBody(parsing: copy.body, boundary: "b").parts
        #expect(left.map { String(decoding: $0.content, as: UTF8.self) } == ["Hello", "123"])
        #expect(try copy.contentType?.parameters["boundary"] == "b")
    }

    @Test("Where one recipient has not agreed, nobody is sent anything and the answer names them")
    func consent() throws {
        var driver = Driver()
        driver.rules = [Self.carol: .confirm]
        #expect(try driver.send(to: ["sip:bob@example.org", "sip:carol@example.org"]) == 470)
        #expect(driver.response?.value("Permission-Missing")?.string == "<sip:carol@example.org>")
        #expect(driver.sent.isEmpty)
        driver.rules = [Self.carol: .block]
        #expect(try driver.send(to: ["sip:carol@example.org"]) == 470)
        #expect(try driver.send(to: ["sip:gateway.example.org"]) == 470)
        // Who is politely blocked does not learn it.
        driver.rules = [Self.carol: .politeBlock]
        #expect(try driver.send(to: ["sip:bob@example.org", "sip:carol@example.org"]) == 202)
        #expect(driver.sent.map { $0.requestURIText } == ["sip:bob@example.org"])
    }

    @Test("It waits for rules that are not known yet, and not for ever")
    func waiting() throws {
        var driver = Driver()
        driver.rules = [Self.carol: SubscriptionHandling?.none]
        #expect(try driver.send(to: ["sip:bob@example.org", "sip:carol@example.org"]) == nil)
        driver.rules = [:]
        driver.handle(.rulesChanged(Self.carol))
        #expect(driver.response?.statusCode == 202 && driver.sent.count == 2)
        #expect(driver.service.nextDeadline == nil)
        driver.rules = [Self.carol: SubscriptionHandling?.none]
        #expect(try driver.send(to: ["sip:carol@example.org"]) == nil)
        driver.now = try #require(driver.service.nextDeadline)
        driver.handle(.wake)
        #expect(driver.response?.statusCode == 503 && driver.sent.isEmpty)
        driver.rules = [:]
        driver.handle(.rulesChanged(Self.carol))
        #expect(driver.sent.isEmpty)
    }

    @Test("What is no message to a list is refused")
    func refusals() throws {
        var driver = Driver()
        let one = ["sip:bob@example.org"]
        #expect(try driver.send(to: one, sender: nil) == 403)
        #expect(try driver.send(to: one, require: "recipient-list-message, telepathy") == 420)
        #expect(driver.response?.value(.unsupported)?.string == "telepathy")
        #expect(try driver.send(to: []) == 400)
        #expect(try driver.send(to: one, parts: []) == 400)
        #expect(try driver.send(to: one, list: "<resource-lists>") == 400)
        #expect(try driver.send(to: (0..<65).map { "sip:u\($0)@example.org" }) == 413)
        #expect(driver.sent.isEmpty && driver.service.nextDeadline == nil)
    }

    @Test("A sender has so many copies made and then has to pause, without loss for others")
    func rate() throws {
        var driver = Driver()
        let many = (0..<64).map { "sip:u\($0)@example.org" }
        #expect(try driver.send(to: many) == 202)
        #expect(try driver.send(to: many) == 202)
        #expect(try driver.send(to: many) == 503)
        #expect(driver.response?.value(.retryAfter)?.string == "60" && driver.sent.isEmpty)
        #expect(try driver.send(to: many, sender: Self.bob) == 202)
        driver.now = driver.now + .seconds(64)
        #expect(try driver.send(to: many) == 202)
    }
}
