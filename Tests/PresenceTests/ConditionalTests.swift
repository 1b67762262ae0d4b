import Presence
import Primitives
import SIPMessages
import Testing

@Suite("Subscribers who have the state already (RFC 5839)")
struct ConditionalTests {
    private static func condition(_ tag: String?) -> [String] { ["Suppress-If-Match: \(tag ?? "")"] }

    /// A subscription that was told that t1 is open, its dialog's tag and the entity tag of that.
    private static func subscribed() throws -> (driver: AgentDriver, toTag: String?, etag: String?) {
        var driver = AgentDriver()
        try driver.publish(tuple("t1", "open"), expires: 80_000)
        try driver.subscribe()
        let toTag = try driver.response?.to.tag
        let etag = try driver.sent.first?.message.sipETag
        driver.answer(driver.sent[0])
        return (driver, toTag, etag)
    }

    private func change(_ driver: inout AgentDriver, _ basic: String) throws {
        try driver.publish(tuple("t2", basic))
    }

    @Test("A refresh with the present tag is answered with 204 and no NOTIFY; the next change is told")
    func refresh() throws {
        var (driver, toTag, etag) = try Self.subscribed()
        #expect(try driver.subscribe(to: toTag, cseq: 2, extra: Self.condition(etag)) == 204)
        #expect(driver.response?.reasonPhrase == "No Notification")
        #expect(driver.response?.value(.expires) != nil)
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(3000))
        try change(&driver, "open")
        #expect(summary(driver.sent.first?.document) == "t2=open t1=open")
        let other = try driver.sent.first?.message.sipETag
        #expect(other != nil && other != etag)
        driver.answer(driver.sent[0])
        // A tag that is out of date suppresses nothing.
        #expect(try driver.subscribe(to: toTag, cseq: 3, extra: Self.condition(etag)) == 200)
        #expect(summary(driver.sent.first?.document) == "t2=open t1=open")
    }

    @Test("A subscription is resumed without the state, after a restart as well")
    func resumption() throws {
        var (driver, _, etag) = try Self.subscribed()
        driver.restart()
        driver.advance(.seconds(5))
        #expect(try driver.sent.first?.message.sipETag == etag)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(call: "later", from: "w2", extra: Self.condition(etag)) == 200)
        #expect(driver.sent.map(\.message.body.isEmpty) == [true])
        #expect(driver.sent.first?.state.hasPrefix("active") == true)
        #expect(driver.sent.first?.message.value(.contentType) == nil)
        #expect(try driver.sent.first?.message.sipETag == etag)
        driver.answer(driver.sent[0])
        try change(&driver, "closed")
        #expect(driver.sent.map { summary($0.document) } == Array(repeating: "t2=closed t1=open", count: 2))
    }

    @Test("An asterisk quenches a subscription but for its own state")
    func quenched() throws {
        var (driver, toTag, _) = try Self.subscribed()
        #expect(try driver.subscribe(to: toTag, cseq: 2, extra: Self.condition("*")) == 204)
        try change(&driver, "open")
        #expect(driver.sent.isEmpty)
        driver.handle(.rules(AgentDriver.alice, try RulesetFixtures.ruleset(), externalLists: [:]))
        #expect(driver.sent.first?.state.hasPrefix("pending") == true)
        driver.answer(driver.sent[0])
        driver.handle(.rules(AgentDriver.alice, nil, externalLists: [:]))
        #expect(driver.sent.first?.state.hasPrefix("active") == true)
        #expect(driver.sent.first?.message.body.isEmpty == true)
        driver.answer(driver.sent[0])
        #expect(try driver.subscribe(to: toTag, cseq: 3) == 200)
        #expect(summary(driver.sent.first?.document) == "t2=open t1=open")
    }

    @Test("An end with the present tag needs no NOTIFY")
    func end() throws {
        var (driver, toTag, etag) = try Self.subscribed()
        #expect(try driver.subscribe(to: toTag, cseq: 2, expires: 0, extra: Self.condition(etag)) == 204)
        #expect(driver.sent.isEmpty)
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription]?.isEmpty == true)
    }

    @Test("A condition that can't be read changes nothing, and one is held against what new filters leave")
    func requests() throws {
        var (driver, toTag, etag) = try Self.subscribed()
        #expect(try driver.subscribe(call: "bad", from: "w2", extra: Self.condition("a b")) == 400)
        #expect(try driver.subscribe(to: toTag, cseq: 2, extra: Self.condition("a b")) == 400)
        #expect(driver.agent.subscriptionCount == 1)
        let filter = "<filter id='1'><what><exclude>//pidf:tuple</exclude></what></filter>"
        let status = try driver.subscribe(
            to: toTag, cseq: 3, extra: Self.condition(etag) + ["Content-Type: application/simple-filter+xml"],
            body: String(decoding: FilterFixtures.filters(filter), as: UTF8.self))
        #expect(status == 200)
        #expect(driver.sent.count == 1)
        #expect(try driver.sent.first?.message.sipETag != etag)
    }

    @Test("Tags of numbered documents do not depend on the number, and who waits has nothing to be told")
    func packages() throws {
        var driver = AgentDriver()
        try driver.subscribe(event: "reg", as: AgentDriver.alice)
        let etag = try driver.sent.first?.message.sipETag
        let toTag = try driver.response?.to.tag
        #expect(etag != nil)
        driver.answer(driver.sent[0])
        try driver.subscribe(to: toTag, cseq: 2, event: "reg", as: AgentDriver.alice)
        #expect(try driver.sent.first?.message.sipETag == etag)
        driver.answer(driver.sent[0])
        let status = try driver.subscribe(
            to: toTag, cseq: 3, extra: Self.condition(etag), event: "reg", as: AgentDriver.alice)
        #expect(status == 204)
    }
}
