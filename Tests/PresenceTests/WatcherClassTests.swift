import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Watchers whose nodes do not know the rules")
struct WatcherClassTests {
    private typealias Rules = RulesetFixtures
    private let alice = AgentDriver.alice
    private let bob = AgentDriver.bob
    private let carol = Rules.carol
    private let flow = Flow.overlay(AgentDriver.farNode)
    private static let seeServices = "<pr:provide-services><pr:all-services/></pr:provide-services>"
    private static let seeAll =
        seeServices + "<pr:provide-persons><pr:all-persons/></pr:provide-persons><pr:provide-devices>"
        + "<pr:all-devices/></pr:provide-devices><pr:provide-all-attributes/>"
    private static let noted =
        "<tuple id='a'><status><basic>open</basic></status><note>at lunch</note></tuple>"

    private func set(_ driver: inout AgentDriver, _ rules: String...) throws {
        driver.handle(
            .rules(alice, try Ruleset(parsing: Array(Rules.document(rules.joined()).utf8)), externalLists: [:]))
    }

    private func rule(_ user: AddressOfRecord, _ handling: String, _ permissions: String = "") -> String {
        Rules.rule("r-\(user.user)", if: Rules.one(user), handling, permissions)
    }

    /// A SUBSCRIBE for a user behind another node; its NOTIFY is answered.
    private func watch(_ driver: inout AgentDriver, as user: AddressOfRecord) throws -> AgentDriver.Sent {
        #expect(
            try driver.subscribe(call: user.description, from: user.user, expires: 600, flow: flow, as: user) == 200)
        let sent = try #require(driver.sent.first)
        let audience = driver.agent.audience(notifiedBy: sent.token)
        guard case .watcher(user, of: alice, _)? = audience else {
            Issue.record("\(String(describing: audience))")
            return sent
        }
        driver.answer(sent)
        return sent
    }

    private func watcherClass(_ driver: AgentDriver, _ sent: AgentDriver.Sent) throws -> WatcherClass {
        guard case .watcher(_, _, let found)? = driver.agent.audience(notifiedBy: sent.token) else {
            throw RulesetError.notRuleset
        }
        return found
    }

    private func publishes(_ driver: AgentDriver) -> Int {
        driver.actions.count { if case .publish = $0 { true } else { false } }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Each class that somebody is in has a variant, and the first of a class has one made")
    func variants() throws {
        var driver = AgentDriver()
        let dave = try #require(AddressOfRecord("dave@example.net"))
        try set(
            &driver, rule(bob, "allow", Self.seeServices), rule(carol, "allow", Self.seeAll),
            rule(dave, "allow", Self.seeAll))
        try driver.publish(Self.noted)
        #expect(driver.agent.variants(of: alice).isEmpty)
        #expect(!text(Array(try watch(&driver, as: bob).message.body)).contains("lunch"))
        #expect(driver.agent.variants(of: alice).count == 1)
        #expect(text(Array(try watch(&driver, as: carol).message.body)).contains("lunch"))
        #expect(driver.agent.variants(of: alice).count == 2)
        #expect(try driver.subscribe(call: "d", from: "d", expires: 600, flow: flow, as: dave) == 200)
        #expect(publishes(driver) == 0)
        let documents = driver.agent.variants(of: alice).map { text($0.document) }
        #expect(documents.count { $0.contains("lunch") } == 1)
        #expect(documents.allSatisfy { $0.contains("open") })
    }

    @Test("There are no more variants than a record has room for")
    func bound() throws {
        var driver = AgentDriver()
        let users = (0..<12).map { AddressOfRecord("u\($0)@example.net")! }
        let rules = users.map { user in
            rule(
                user, "allow",
                "<pr:provide-services><pr:occurrence-id>\(user.user)</pr:occurrence-id></pr:provide-services>")
        }
        try set(&driver, rules.joined())
        try driver.publish(Self.noted)
        for user in users { _ = try watch(&driver, as: user) }
        #expect(driver.agent.variants(of: alice).count == PresenceAgent.maximumClasses)
    }

    /// What a NOTIFY says but for the names and numbers that differ between any two subscriptions.
    private func shape(_ sent: AgentDriver.Sent) -> [UInt8] {
        sent.message.editing { edit in
            for name in [HeaderName.from, .sipETag] { edit.removeAll(name) }
        }.bytes
    }

    @Test("Who is politely blocked is sent byte for byte what others are while nobody is there, and nothing else")
    func politeBlock() throws {
        var blocked = AgentDriver()
        try set(&blocked, rule(carol, "polite-block"))
        try blocked.publish(Self.noted)
        var offline = AgentDriver()
        try set(&offline, rule(carol, "allow", Self.seeServices))
        let told = try watch(&blocked, as: carol)
        let toldOffline = try watch(&offline, as: carol)
        #expect(shape(told) == shape(toldOffline))
        #expect(told.state == "active;expires=600")
        // Changes reach nobody whom they do not concern, and versions do not tell of them.
        try blocked.publish(Self.noted + tuple("b", "open"))
        #expect(blocked.sent.isEmpty)
        blocked.advance(.seconds(10))
        offline.advance(.seconds(10))
        let dialogs = [told, toldOffline].map { try? $0.message.from.tag }
        try blocked.subscribe(
            call: carol.description, from: "carol", to: dialogs[0], cseq: 2, expires: 600, flow: flow, as: carol)
        try offline.subscribe(
            call: carol.description, from: "carol", to: dialogs[1], cseq: 2, expires: 600, flow: flow, as: carol)
        #expect(shape(try #require(blocked.sent.first)) == shape(try #require(offline.sent.first)))
        #expect(try blocked.sent[0].message.sipETag == told.message.sipETag)
        #expect(try offline.sent[0].message.sipETag == toldOffline.message.sipETag)
    }

    @Test("Rules that change make all classes others: what is published is sealed anew and who stays is told")
    func renewal() throws {
        var driver = AgentDriver()
        try set(&driver, rule(bob, "allow", Self.seeAll), rule(carol, "allow", Self.seeAll))
        try driver.publish(Self.noted)
        for user in [bob, carol] { _ = try watch(&driver, as: user) }
        let before = driver.agent.variants(of: alice).map(\.watchers)
        try set(&driver, rule(bob, "allow", Self.seeAll), rule(carol, "block"))
        #expect(publishes(driver) == 1)
        let after = driver.agent.variants(of: alice).map(\.watchers)
        #expect(after.count == 1 && after != before && after[0].permissions == before[0].permissions)
        let staying = try #require(driver.sent.first { !$0.state.hasPrefix("terminated") })
        #expect(try watcherClass(driver, staying) == after[0])
        let leaving = try #require(driver.sent.first { $0.state.hasPrefix("terminated") })
        #expect(leaving.message.body.isEmpty)
        // Another process derives the same from the same rules.
        driver.restart()
        driver.advance(.seconds(1))
        #expect(driver.agent.variants(of: alice).map(\.watchers) == after)
        // The rules of before are what they were.
        try set(&driver, rule(bob, "allow", Self.seeAll), rule(carol, "allow", Self.seeAll))
        #expect(driver.agent.variants(of: alice).map(\.watchers) == before)
    }

    @Test("A permission that runs out ends a class as a change of the rules does")
    func validity() throws {
        var driver = AgentDriver()
        let period = "<validity><from>2027-01-15T07:00:00Z</from><until>2027-01-15T08:06:00Z</until></validity>"
        try set(
            &driver, rule(bob, "allow", Self.seeAll),
            Rules.rule("c", if: Rules.one(carol) + period, "allow", Self.seeAll))
        try driver.publish(Self.noted)
        for user in [bob, carol] { _ = try watch(&driver, as: user) }
        let before = driver.agent.variants(of: alice).map(\.watchers)
        driver.advance(.minutes(7))
        #expect(publishes(driver) == 1)
        let after = driver.agent.variants(of: alice).map(\.watchers)
        #expect(after.count == 1 && after != before)
    }

    @Test("What is told for one watcher is shown to nobody else")
    func asking() throws {
        var driver = AgentDriver { $0.ruledUsers = [] }
        let asked = { (driver: AgentDriver) in
            driver.actions.compactMap { action in
                switch action {
                case .ask(_, let watcher): "ask for \(watcher.user)"
                case .stopAsking(_, let watcher): "stop for \(watcher.user)"
                default: nil
                }
            }
        }
        try driver.subscribe(call: "b", from: "b", expires: 600, as: bob)
        #expect(asked(driver) == ["ask for bob"])
        driver.answer(driver.sent[0])
        try driver.subscribe(call: "b2", from: "b2", expires: 600, as: bob)
        #expect(asked(driver) == [])
        driver.answer(driver.sent[0])
        try driver.subscribe(call: "c", from: "c", expires: 600, as: carol)
        #expect(asked(driver) == ["ask for carol"])
        let tag = try driver.response?.to.tag
        driver.answer(driver.sent[0])
        let far = AgentDriver.farNode.bits.bytes
        let document = Array(PresenceFixtures.document(Self.noted).utf8)
        driver.handle(.remoteDocument(EventResource(alice), source: far, watcher: bob, document: document, version: 5))
        #expect(driver.sent.count == 2)
        #expect(driver.sent.allSatisfy { text(Array($0.message.body)).contains("lunch") })
        for sent in driver.sent { driver.answer(sent) }
        driver.handle(
            .remoteDocument(
                EventResource(alice), source: far, watcher: carol,
                document: Array(PresenceFixtures.document(tuple("a", "open")).utf8),
                version: 4))
        #expect(driver.sent.count == 1)
        #expect(!text(Array(driver.sent[0].message.body)).contains("lunch"))
        driver.answer(driver.sent[0])
        try driver.subscribe(call: "c", from: "c", to: tag, cseq: 2, expires: 0, as: carol)
        #expect(asked(driver) == ["stop for carol"])
        // A restart asks again for those who are left.
        driver.restart()
        driver.handle(.wake)
        #expect(asked(driver) == ["ask for bob"])
    }
}
