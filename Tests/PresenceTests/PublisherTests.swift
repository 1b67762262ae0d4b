import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite("The publisher's side (RFC 3903 §4)")
struct PublisherTests {
    private struct Driver {
        var publisher = Publisher(presentity: SIPURI("sip:alice@example.org")!, random: RandomSource(seed: 5))
        var now = Instant(secondsSince1970: 1_800_000_000)
        var actions: [Publisher.Action] = []
        var last: SIPMessage?
        var token: RequestToken?

        mutating func handle(_ event: Publisher.Event) {
            actions = []
            publisher.handle(event, at: now, into: &actions)
            for case .sendRequest(let token, let message, _) in actions {
                self.token = token
                last = message
            }
        }

        mutating func answer(_ status: Int, tag: String? = nil, headers: [(HeaderName, String)] = []) {
            let all = headers + (tag.map { [(.sipETag, $0)] } ?? [])
            handle(.response(token!, last!.response(status, toTag: "r", headers: all)))
        }

        mutating func advance(_ interval: Interval) {
            now += interval
            handle(.wake)
        }

        var sent: Int { actions.count { if case .sendRequest = $0 { true } else { false } } }
        var lastTag: String? { (try? last?.sipIfMatch).flatMap { $0 } }
    }

    private let one = Array("<one/>".utf8)
    private let two = Array("<two/>".utf8)

    @Test("Initial, refresh, modify and remove are told apart as table 1 says")
    func operations() throws {
        var driver = Driver()
        driver.handle(.publish(one))
        #expect(driver.lastTag == nil)
        #expect(Array(driver.last!.body) == one)
        #expect(try driver.last?.contentType?.essence == "application/pidf+xml")
        driver.answer(200, tag: "a", headers: [(.expires, "100")])
        #expect(
            driver.actions.contains {
                if case .published(let until) = $0 { until == driver.now + .seconds(100) } else { false }
            })

        driver.advance(.seconds(74))
        #expect(driver.sent == 0)
        driver.advance(.seconds(17))
        #expect(driver.sent == 1)
        #expect(driver.lastTag == "a")
        #expect(driver.last?.body.isEmpty == true)
        driver.answer(200, tag: "b", headers: [(.expires, "100")])

        driver.handle(.publish(two))
        #expect(driver.lastTag == "b")
        #expect(Array(driver.last!.body) == two)
        driver.answer(200, tag: "c", headers: [(.expires, "100")])
        driver.handle(.publish(two))
        #expect(driver.sent == 0)

        driver.handle(.remove)
        #expect(driver.lastTag == "c")
        #expect(driver.last?.expires == 0)
        #expect(driver.last?.body.isEmpty == true)
        driver.answer(200, tag: "d", headers: [(.expires, "0")])
        #expect(driver.actions.contains { if case .removed = $0 { true } else { false } })
        #expect(driver.publisher.nextDeadline == nil)
    }

    @Test("Never two at once; what waits is only the newest")
    func oneAtATime() {
        var driver = Driver()
        driver.handle(.publish(one))
        driver.handle(.publish(Array("<x/>".utf8)))
        #expect(driver.sent == 0)
        driver.handle(.publish(two))
        #expect(driver.sent == 0)
        driver.answer(200, tag: "a", headers: [(.expires, "100")])
        #expect(driver.sent == 1)
        #expect(Array(driver.last!.body) == two)
        #expect(driver.lastTag == "a")
    }

    @Test("After a 412 everything is published anew, without the tag")
    func conditionFailed() {
        var driver = Driver()
        driver.handle(.publish(one))
        driver.answer(200, tag: "a", headers: [(.expires, "100")])
        driver.advance(.seconds(95))
        driver.answer(412)
        #expect(driver.sent == 1)
        #expect(driver.lastTag == nil)
        #expect(Array(driver.last!.body) == one)
    }

    @Test("After a 423 the time is what is wanted")
    func tooBrief() {
        var driver = Driver()
        driver.handle(.publish(one))
        driver.answer(423, headers: [(.minExpires, "7200")])
        #expect(driver.last?.expires == 7200)
        #expect(Array(driver.last!.body) == one)
        driver.answer(423, headers: [(.minExpires, "7200")])
        #expect(driver.sent == 0)
        #expect(driver.actions.contains { if case .failed(status: 423, retry: nil) = $0 { true } else { false } })
    }

    @Test("A challenge is answered, and nothing overtakes it")
    func challenge() {
        var driver = Driver()
        driver.handle(.publish(one))
        driver.answer(401)
        #expect(driver.actions.contains { if case .needsCredentials = $0 { true } else { false } })
        driver.handle(.publish(two))
        #expect(driver.sent == 0)
        driver.handle(.credentials([CredentialField("Authorization", "Digest x")]))
        #expect(driver.sent == 1)
        #expect(driver.last?.value("Authorization")?.string == "Digest x")
        #expect(Array(driver.last!.body) == two)
        driver.answer(200, tag: "a", headers: [(.expires, "100")])
        #expect(driver.sent == 0)
    }

    @Test("What may pass is tried again, later each time; what may not waits for another document")
    func failures() {
        var driver = Driver()
        driver.handle(.publish(one))
        var before = Interval.zero
        for _ in 0..<5 {
            driver.handle(.requestFailed(driver.token!, status: 408))
            let wait = driver.publisher.nextDeadline! - driver.now
            #expect(wait > before)
            before = wait
            driver.advance(wait)
            #expect(driver.sent == 1)
        }
        driver.answer(503, headers: [(.retryAfter, "1000")])
        #expect(driver.publisher.nextDeadline == driver.now + .seconds(1000))
        driver.advance(.seconds(1000))
        driver.answer(403)
        #expect(driver.publisher.nextDeadline == nil)
        driver.handle(.publish(one))
        #expect(driver.sent == 0)
        driver.handle(.publish(two))
        #expect(driver.sent == 1)
    }

    @Test("Removing what was never published sends nothing")
    func removeNothing() {
        var driver = Driver()
        driver.handle(.remove)
        #expect(driver.sent == 0)
    }
}
