import Presence
import Primitives
import SIPMessages
import Testing

@Suite("How often subscribers want to be notified (RFC 6446)")
struct EventRateTests {
    private static func event(_ rates: String) -> String { "presence;\(rates)" }

    /// What Subscription-State says behind the time that is left.
    private func rates(_ sent: AgentDriver.Sent?) -> String {
        let parameters = sent?.state.split(separator: ";").map(String.init) ?? []
        return parameters.dropFirst(2).joined(separator: ";")
    }

    /// Publishes in place of what was published last.
    private func publish(_ inner: String, _ driver: inout AgentDriver, _ tag: inout String?) throws {
        #expect(try driver.publish(inner, tag: tag, expires: 80_000) == 200)
        tag = try driver.response?.sipETag
    }

    @Test("A maximum holds news back, and then only the newest is told; what was agreed is reflected")
    func maximum() throws {
        var driver = AgentDriver()
        var tag: String?
        try driver.subscribe(event: Self.event("id=7;max-rate=0.05"))
        #expect(rates(driver.sent.first) == "max-rate=0.05")
        #expect(driver.sent.first?.message.value(.event)?.string == "presence;id=7")
        driver.answer(driver.sent[0])
        driver.advance(.seconds(5))
        try publish(tuple("t", "open"), &driver, &tag)
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(5))
        try publish(tuple("t", "closed"), &driver, &tag)
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(9))
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(1))
        #expect(driver.sent.map { summary($0.document) } == ["t=closed"])
        driver.answer(driver.sent[0])
        // After a time of quiet news are told at once.
        driver.advance(.seconds(30))
        try publish(tuple("t", "open"), &driver, &tag)
        #expect(driver.sent.map { summary($0.document) } == ["t=open"])
    }

    @Test("A SUBSCRIBE, a decision and the end are told in spite of a maximum")
    func exceptions() throws {
        var driver = AgentDriver { $0.strangers = .confirm }
        try driver.subscribe(expires: 600, event: Self.event("max-rate=0.01"))
        let toTag = try driver.response?.to.tag
        #expect(driver.sent.first?.state.hasPrefix("pending") == true)
        driver.answer(driver.sent[0])
        let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), "allow")
        driver.handle(.rules(AgentDriver.alice, try RulesetFixtures.ruleset(rule), externalLists: [:]))
        #expect(driver.sent.first?.state.hasPrefix("active") == true)
        driver.answer(driver.sent[0])
        try driver.subscribe(to: toTag, cseq: 2, expires: 600, event: Self.event("max-rate=0.01"))
        #expect(driver.sent.count == 1)
        driver.answer(driver.sent[0])
        // Without the parameter there is no maximum any more.
        try driver.subscribe(to: toTag, cseq: 3, expires: 600)
        #expect(rates(driver.sent.first) == "")
        driver.answer(driver.sent[0])
        try driver.subscribe(to: toTag, cseq: 4, expires: 0, event: Self.event("max-rate=0.01"))
        #expect(driver.sent.first?.state == "terminated;reason=timeout")
    }

    @Test("A minimum has the state be told again and again")
    func minimum() throws {
        var driver = AgentDriver()
        try driver.publish(tuple("t", "open"), expires: 80_000)
        try driver.subscribe(expires: 3600, event: Self.event("min-rate=0.02"))
        #expect(rates(driver.sent.first) == "min-rate=0.02")
        for _ in 0..<5 {
            driver.answer(driver.sent[0])
            driver.advance(.seconds(49))
            #expect(driver.sent.isEmpty)
            driver.advance(.seconds(1))
            #expect(driver.sent.map { summary($0.document) } == ["t=open"])
        }
        // Nothing piles up behind a watcher who does not answer.
        driver.advance(.seconds(500))
        #expect(driver.sent.isEmpty)
    }

    @Test("Rates over a restart, and after a NOTIFY that failed")
    func restart() throws {
        var driver = AgentDriver()
        var tag: String?
        try driver.subscribe(expires: 3600, event: Self.event("max-rate=0.01"))
        driver.answer(driver.sent[0])
        driver.restart()
        driver.advance(.seconds(5))
        #expect(rates(driver.sent.first) == "max-rate=0.01")
        driver.answer(driver.sent[0], 503)
        try publish(tuple("t", "open"), &driver, &tag)
        driver.advance(.seconds(90))
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(20))
        #expect(driver.sent.map { summary($0.document) } == ["t=open"])
    }

    @Test("The adaptive minimum is kept on the average, news counted in")
    func adaptive() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 80_000, event: Self.event("adaptive-min-rate=0.02"))
        var count = 0
        for _ in 0..<5_000 {
            for sent in driver.sent {
                count += 1
                driver.answer(sent)
            }
            driver.advance(.seconds(1))
        }
        // 100 in 5,000 seconds.
        #expect((90...110).contains(count), "\(count)")
    }

    @Test(
        "What is not possible is adjusted, what is malformed is not reflected",
        arguments: [
            ("max-rate=0.0001", "max-rate=0.0016666667"), ("max-rate=0", ""), ("max-rate=100", ""), ("max-rate=1.", ""),
            ("max-rate=-1", ""), ("max-rate", ""), ("max-rate=1.00000000001", ""), ("min-rate=50", "min-rate=0.1"),
            ("max-rate=0.01;min-rate=0.05", "max-rate=0.01;min-rate=0.01"),
            ("min-rate=0.05;adaptive-min-rate=0.02", "adaptive-min-rate=0.02"),
            ("max-rate=99.9999999999", "max-rate=99.9999999999"), ("MAX-RATE=01.50", "max-rate=1.5"),
        ])
    func adjusted(asked: String, agreed: String) throws {
        var driver = AgentDriver()
        #expect(try driver.subscribe(expires: 600, event: Self.event(asked)) == 200)
        #expect(rates(driver.sent.first) == agreed)
    }

    @Test("The answer to a NOTIFY changes rates, for who asked for some in its SUBSCRIBE")
    func answers() throws {
        var driver = AgentDriver()
        try driver.subscribe(expires: 3600, event: Self.event("min-rate=0.02"))
        driver.answer(driver.sent[0], headers: [(.event, "presence;id=9;min-rate=0.1")])
        driver.advance(.seconds(10))
        #expect(rates(driver.sent.first) == "min-rate=0.1")
        driver.answer(driver.sent[0], headers: [(.event, "dialog;min-rate=0.02")])
        driver.advance(.seconds(10))
        #expect(rates(driver.sent.first) == "min-rate=0.1")
        var other = AgentDriver()
        try other.subscribe(expires: 3600)
        other.answer(other.sent[0], headers: [(.event, "presence;min-rate=0.1")])
        other.advance(.seconds(100))
        #expect(other.sent.isEmpty)
    }

    @Test("A list is told at the rate of its subscriber, each member's newest together")
    func list() throws {
        var driver = AgentDriver()
        let carol = AddressOfRecord("carol@example.org")!
        try driver.subscribe(
            toAll: ["sip:alice@example.org", "sip:carol@example.org"], event: Self.event("max-rate=0.05"))
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(rates(driver.sent.first) == "max-rate=0.05")
        driver.answer(driver.sent[0])
        driver.advance(.seconds(2))
        let tag = try driver.publish(tuple("t", "open"), of: AgentDriver.alice)
        try driver.publish(tuple("t", "closed"), of: AgentDriver.alice, tag: tag)
        driver.advance(.seconds(2))
        try driver.publish(tuple("c", "open"), of: carol)
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(16))
        #expect(driver.sent.count == 1)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["sip:alice@example.org active", "sip:carol@example.org active"])
        #expect(!reader.wasFull)
    }
}
