import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite("What random courses found")
struct CourseFindingsTests {
    private static let atWork = tuple("t1", "open") + sphere("work")
    private static let atHome = tuple("t1", "closed") + sphere("home")
    private static let binding = Binding(
        aor: AgentDriver.alice, contact: SIPURI("sip:alice@198.51.100.9:5062")!, flow: AgentDriver.phone, callID: "r1",
        cseq: 1, expires: Instant(secondsSince1970: 1_800_003_600))

    private static func sphere(_ name: String) -> String {
        "<dm:person id='p'><r:sphere><r:\(name)/></r:sphere></dm:person>"
    }

    private static func rules(_ handling: String, sphere: String? = nil) throws -> PresenceAgent.Event {
        let condition = RulesetFixtures.one(AgentDriver.bob) + (sphere.map { "<sphere value='\($0)'/>" } ?? "")
        let rule = RulesetFixtures.rule("r", if: condition, handling, PresentityModel.Grant.all.text)
        return .rules(AgentDriver.alice, try RulesetFixtures.ruleset(rule), externalLists: [:])
    }

    @Test("Who comes first is decided about by what the presentity is engaged in, which nobody watched")
    func sphereOfFirst() throws {
        var driver = AgentDriver()
        driver.handle(try Self.rules("allow", sphere: "work"))
        try driver.publish(Self.atWork)
        let tag = try driver.response?.sipETag
        try driver.subscribe(call: "work", expires: 0)
        #expect(summary(driver.sent.first?.document) == "t1=open")
        driver.answer(driver.sent[0])
        try driver.publish(Self.atHome, tag: tag)
        try driver.subscribe(call: "home")
        #expect(driver.sent.first?.state.hasPrefix("pending") == true)
    }

    @Test("Who watches elsewhere is told nothing new under the rules of what the presentity was engaged in before")
    func sphereElsewhere() throws {
        var driver = AgentDriver()
        driver.handle(try Self.rules("allow", sphere: "work"))
        try driver.publish(Self.atWork)
        let tag = try driver.response?.sipETag
        try driver.subscribe(flow: .overlay(AgentDriver.farNode))
        #expect(summary(driver.sent.first?.document) == "t1=open")
        driver.answer(driver.sent[0])
        try driver.publish(Self.atHome, tag: tag)
        #expect(driver.sent.map(\.message.body.isEmpty) == [true])
        #expect(driver.sent.first?.state.hasPrefix("pending") == true)
        // Nor is anything sealed for those who may see it no more.
        for case .publish(let user, _, _, _) in driver.actions {
            #expect(driver.agent.variants(of: user).isEmpty)
        }
    }

    @Test(
        "After a restart who has a phone is open for those who watched before, and who took back a publication is not")
    func phones() throws {
        var driver = AgentDriver()
        let registered = PresenceAgent.Event.bindings(AgentDriver.alice, [Self.binding])
        try driver.subscribe()
        driver.answer(driver.sent[0])
        driver.handle(registered)
        driver.answer(driver.sent[0])
        driver.restart(after: [registered])
        driver.advance(.seconds(1))
        #expect(summary(driver.sent.first?.document) == "registered=open")
        driver.answer(driver.sent[0])
        try driver.publish(tuple("t1", "open"))
        driver.answer(driver.sent[0])
        try driver.publish(tag: try driver.publishedTag(), expires: 0)
        driver.restart(after: [registered])
        driver.advance(.seconds(1))
        #expect(summary(driver.sent.first?.document) == "nobody=closed")
        driver.answer(driver.sent[0])
        driver.handle(.bindings(AgentDriver.alice, []))
        driver.handle(registered)
        #expect(summary(driver.sent.first?.document) == "registered=open")
        // Phones that were gone before a restart say nothing of those that come after it.
        driver.handle(.bindings(AgentDriver.alice, []))
        #expect(driver.journal[.absence]?.count == 1)
        driver.restart(after: [])
        driver.advance(.seconds(1))
        for sent in driver.sent { driver.answer(sent) }
        driver.handle(registered)
        #expect(summary(driver.sent.first?.document) == "registered=open")
        #expect(driver.journal[.absence]?.isEmpty == true)
    }

    @Test("A last NOTIFY that had to wait goes by the rules of when it is sent")
    func last() throws {
        var driver = AgentDriver()
        try driver.publish(Self.atWork)
        try driver.subscribe()
        let first = driver.sent[0]
        let tag = try driver.response?.to.tag
        try driver.subscribe(to: tag, cseq: 2, expires: 0)
        #expect(driver.sent.isEmpty)
        driver.handle(try Self.rules("block"))
        let last = driver.answer(first)
        #expect(last.map(\.state) == ["terminated;reason=timeout"])
        #expect(last.map(\.message.body.isEmpty) == [true])
    }

    @Test("Who may see none of the services is not told elsewhere that there are none")
    func nothing() throws {
        var driver = AgentDriver()
        let rule = RulesetFixtures.rule("r", if: RulesetFixtures.one(AgentDriver.bob), "allow")
        driver.handle(.rules(AgentDriver.alice, try RulesetFixtures.ruleset(rule), externalLists: [:]))
        try driver.publish(Self.atWork, expires: 600)
        try driver.subscribe(flow: .overlay(AgentDriver.farNode))
        let body = driver.sent[0].message.body
        driver.answer(driver.sent[0])
        driver.advance(.seconds(700))
        #expect(driver.sent.isEmpty)
        try driver.subscribe(call: "later", from: "w2", flow: .overlay(AgentDriver.farNode))
        #expect(driver.sent.first?.message.body == body)
    }
}

extension AgentDriver {
    /// The entity tag of alice's only publication.
    fileprivate func publishedTag() throws -> String {
        let value = try #require(journal[.publication]?.values.first)
        var reader = ByteReader(value)
        _ = try reader.uint8()
        _ = try reader.string16()
        _ = try reader.string16()
        return try reader.string16()
    }
}
