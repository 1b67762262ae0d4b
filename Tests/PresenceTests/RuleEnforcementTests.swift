import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

@Suite("Rules and the subscriptions they decide about")
struct RuleEnforcementTests {
    private typealias Rules = RulesetFixtures
    private let alice = AgentDriver.alice
    private let carol = AddressOfRecord("carol@example.net")!
    private static let seeAll =
        "<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-persons><pr:all-persons/>"
        + "</pr:provide-persons><pr:provide-devices><pr:all-devices/></pr:provide-devices><pr:provide-all-attributes/>"
    private static let seeServices = "<pr:provide-services><pr:all-services/></pr:provide-services>"

    /// Alice's rules: this about bob, who is most people here.
    private func set(
        _ handling: String?, _ transformations: String = seeAll, conditions: String = "", in driver: inout AgentDriver
    ) throws {
        let rule = Rules.rule("bob", if: Rules.one(AgentDriver.bob) + conditions, handling, transformations)
        driver.handle(.rules(alice, try Rules.ruleset(rule), externalLists: [:]))
    }

    /// Bob watches alice, who has published; his first NOTIFY is answered.
    private func watching(
        _ handling: String? = "allow", _ transformations: String = seeAll, conditions: String = ""
    ) throws -> AgentDriver {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        try set(handling, transformations, conditions: conditions, in: &driver)
        try driver.subscribe(expires: 600)
        driver.answer(driver.sent[0])
        return driver
    }

    @Test(
        "What a SUBSCRIBE comes to",
        arguments: [
            ("allow", 200, "active;expires=600", "a=open"),
            ("polite-block", 200, "active;expires=600", "nobody=closed"),
            ("confirm", 200, "pending;expires=600", ""), ("block", 403, nil, nil), (nil, 403, nil, nil),
        ] as [(String?, Int, String?, String?)])
    func subscribe(handling: String?, status: Int, state: String?, shown: String?) throws {
        var driver = AgentDriver()
        try driver.publish(tuple("a", "open"))
        try set(handling, in: &driver)
        #expect(try driver.subscribe(expires: 600) == status)
        #expect(driver.sent.map(\.state) == (state.map { [$0] } ?? []))
        #expect(driver.sent.first.map { summary($0.document) } == shown)
        #expect(driver.agent.subscriptionCount == (status == 200 ? 1 : 0))
        let expected: [PresenceObservation] = driver.observed.filter { if case .decided = $0 { true } else { false } }
        let decided = try #require(SubscriptionHandling.allCases.first { "\($0)" == named(handling) })
        #expect(expected == [.decided(watcher: "bob@example.org", EventResource(alice), decided, rules: ["bob"])])
    }

    private func named(_ handling: String?) -> String {
        handling == "polite-block" ? "politeBlock" : handling ?? "block"
    }

    @Test(
        "Who has no rules treats strangers as configured, and who has some those whom no rule is about",
        arguments: [
            (SubscriptionHandling.allow, 200, "active;expires=600", "a=open"),
            (.confirm, 200, "pending;expires=600", ""), (.politeBlock, 200, "active;expires=600", "nobody=closed"),
            (.block, 403, "", ""),
        ])
    func defaults(handling: SubscriptionHandling, status: Int, state: String, shown: String) throws {
        for hasRules in [false, true] {
            var driver = AgentDriver {
                $0.strangers = hasRules ? .block : handling
                $0.unmatched = hasRules ? handling : .block
            }
            try driver.publish(tuple("a", "open"))
            if hasRules { try set("allow", in: &driver) }
            #expect(try driver.subscribe(expires: 600, as: carol) == status)
            #expect((driver.sent.first?.state ?? "") == state)
            #expect((driver.sent.first.map { summary($0.document) } ?? "") == shown)
        }
        #expect(PresenceConfiguration(nodeID: AgentDriver.nodeID).strangers == .confirm)
        #expect(PresenceConfiguration(nodeID: AgentDriver.nodeID).unmatched == .confirm)
    }

    @Test("Where nothing was said, users of the presentity's own domain are no strangers, if they proved to be users")
    func colleagues() throws {
        var driver = AgentDriver {
            $0.strangers = .confirm
            $0.colleagues = .allow
        }
        try driver.publish(tuple("a", "open"))
        let bob = AgentDriver.bob
        let watchers: [(String, AddressOfRecord?, String)] = [
            ("1", bob, "active"), ("2", carol, "pending"), ("3", nil, "pending"),
        ]
        for (call, watcher, state) in watchers {
            #expect(try driver.subscribe(call: call, expires: 600, as: watcher) == 200)
            #expect(driver.sent.first?.state == "\(state);expires=600")
        }
        // Rules say all there is to say, of colleagues too.
        try set("allow", in: &driver)
        let dave = try #require(AddressOfRecord("dave@example.org"))
        #expect(try driver.subscribe(call: "4", expires: 600, as: dave) == 200)
        #expect(driver.sent.first?.state == "pending;expires=600")
    }

    @Test("Until it is known whether there are rules nobody is let in, and that there are none is not forgotten")
    func unknownRules() throws {
        var driver = AgentDriver { $0.waitsForRules = true }
        try driver.publish(tuple("a", "open"))
        #expect(try driver.subscribe(expires: 600) == 200)
        #expect(driver.sent[0].state == "pending;expires=600" && driver.sent[0].message.body.isEmpty)
        driver.answer(driver.sent[0])
        driver.handle(.rules(alice, nil, externalLists: [:]))
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
        #expect(driver.sent.map { summary($0.document) } == ["a=open"])
        driver.answer(driver.sent[0])
        driver.handle(.rules(alice, nil, externalLists: [:]))
        #expect(driver.actions.isEmpty)
        driver.restart()
        driver.advance(.seconds(1))
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
        driver.answer(try #require(driver.sent.first))
        try set("block", in: &driver)
        #expect(driver.sent.first?.state.hasPrefix("terminated") == true)
        driver.handle(.rules(alice, nil, externalLists: [:]))
        #expect(try driver.subscribe(call: "again", expires: 600) == 200)
        #expect(driver.sent.first?.state == "active;expires=600")
        // A user who is no user any more leaves nothing behind.
        driver.handle(.remove(alice))
        #expect(driver.journal[.rules]?.isEmpty == true)
    }

    @Test("Nobody is held off here from a presentity whose rules are known elsewhere alone")
    func ruledElsewhere() throws {
        var driver = AgentDriver {
            $0.strangers = .block
            $0.ruledUsers = [AgentDriver.alice]
        }
        #expect(try driver.subscribe(call: "1", expires: 600) == 403)
        #expect(try driver.subscribe(call: "2", expires: 600, uri: "sip:dave@example.org") == 200)
        #expect(driver.sent.first?.state == "active;expires=600")
    }

    @Test("Nobody has to let themselves in, and other nodes compose for themselves")
    func exempt() throws {
        var driver = AgentDriver { $0.strangers = .block }
        try set("allow", in: &driver)
        #expect(try driver.subscribe(call: "own", expires: 600, as: alice) == 200)
        #expect(driver.sent[0].state == "active;expires=600")
        let overlay = Flow(
            transport: .overlay, local: Endpoint("192.0.2.1:5060")!, remote: .node(AgentDriver.farNode))
        #expect(try driver.subscribe(call: "node", expires: 600, flow: overlay, as: nil) == 200)
        #expect(driver.sent[0].state == "active;expires=600")
    }

    @Test("A watcher who only claims to be bob is nobody to rules about bob")
    func unauthenticated() throws {
        var driver = AgentDriver { $0.unmatched = .block }
        try set("allow", in: &driver)
        #expect(try driver.subscribe(expires: 600, as: nil) == 403)
        // Nor does the claim refresh what bob subscribed to.
        #expect(try driver.subscribe(expires: 600) == 200)
        let tag = try driver.response?.to.tag
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600, as: nil) == 403)
        #expect(try driver.subscribe(to: tag, cseq: 2, expires: 600) == 200)
    }

    @Test(
        "Rules that change act on live subscriptions at once",
        arguments: [
            ("allow", "block", "terminated;reason=rejected", ""),
            ("allow", "confirm", "pending;expires=600", ""),
            ("allow", "polite-block", "active;expires=600", "nobody=closed"),
            ("allow", "allow", nil, nil),
            ("confirm", "block", "terminated;reason=rejected", ""),
            ("confirm", "polite-block", "active;expires=600", "nobody=closed"),
            ("confirm", "allow", "active;expires=600", "a=open"),
            ("polite-block", "block", "terminated;reason=rejected", ""),
            ("polite-block", "confirm", "pending;expires=600", ""),
            ("polite-block", "allow", "active;expires=600", "a=open"),
        ] as [(String, String, String?, String?)])
    func change(from: String, to: String, state: String?, shown: String?) throws {
        var driver = try watching(from)
        try set(to, in: &driver)
        #expect(driver.sent.map(\.state) == (state.map { [$0] } ?? []))
        #expect(driver.sent.first.map { summary($0.document) } == shown)
        let isOver = to == "block"
        if let sent = driver.sent.first { driver.answer(sent) }
        #expect(driver.agent.subscriptionCount == (isOver ? 0 : 1))
        #expect((driver.journal[.subscription]?.count ?? 0) == (isOver ? 0 : 1))
        // The same rules again are no news.
        try set(to, in: &driver)
        #expect(driver.actions.isEmpty)
    }

    @Test("Rules that are taken back leave what strangers get")
    func takenBack() throws {
        var driver = try watching("confirm")
        driver.handle(.rules(alice, nil, externalLists: [:]))
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
        #expect(driver.sent.map { summary($0.document) } == ["a=open"])
        #expect(driver.journal[.rules] == [:])
    }

    @Test("A list that changes decides anew")
    func externalList() throws {
        var driver = AgentDriver()
        let rules = try Rules.ruleset(
            Rules.rule("friends", if: "<ocp:external-list><ocp:entry anc='friends'/></ocp:external-list>", "allow"))
        driver.handle(.rules(alice, rules, externalLists: ["friends": []]))
        try driver.subscribe(expires: 600)
        #expect(driver.sent.map(\.state) == ["pending;expires=600"])
        driver.answer(driver.sent[0])
        driver.handle(.rules(alice, rules, externalLists: ["friends": [AgentDriver.bob]]))
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
    }

    @Test("A period that begins or ends decides anew by itself")
    func validity() throws {
        var driver = AgentDriver()
        // 2027-01-15T08:00:00Z
        #expect(driver.now == Instant(secondsSince1970: 1_800_000_000))
        try driver.publish(tuple("a", "open"), expires: 3600)
        try set(
            "allow",
            conditions: "<validity><from>2027-01-15T08:05:00Z</from><until>2027-01-15T08:06:00Z</until></validity>",
            in: &driver)
        try driver.subscribe(expires: 3600)
        #expect(driver.sent.map(\.state) == ["pending;expires=3600"])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(299))
        #expect(driver.sent.isEmpty)
        driver.advance(.seconds(1))
        #expect(driver.sent.map(\.state) == ["active;expires=3300"])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(60))
        #expect(driver.sent.map(\.state) == ["pending;expires=3240"])
    }

    @Test("What the presentity is engaged in decides anew, unless its devices disagree")
    func sphere() throws {
        let person = { (id: String, sphere: String) in
            "<dm:person id='\(id)'><r:sphere><r:\(sphere)/></r:sphere></dm:person>" + tuple("t\(id)", "open")
        }
        var driver = AgentDriver()
        try set("allow", conditions: "<sphere value='work'/>", in: &driver)
        try driver.subscribe(expires: 600)
        driver.answer(driver.sent[0])
        try driver.publish(person("1", "work"))
        let tag = try driver.response?.sipETag
        #expect(driver.sent.map(\.state) == ["active;expires=600"])
        driver.answer(driver.sent[0])
        try driver.publish(person("2", "home"))
        #expect(driver.sent.map(\.state) == ["pending;expires=600"])
        driver.answer(driver.sent[0])
        try driver.publish(person("1", "home"), tag: tag)
        #expect(driver.sent.isEmpty)
    }

    @Test("A polite block can't be told from a presentity that is away, at any time")
    func politeBlock() throws {
        var blocked = AgentDriver(seed: 5)
        var away = AgentDriver(seed: 5)
        try set("polite-block", in: &blocked)
        try set("allow", in: &away)
        try blocked.publish(PresenceFixtures.rich)
        try blocked.subscribe(expires: 600)
        try away.subscribe(expires: 600)
        #expect(blocked.sent.map { Array($0.message.body) } == away.sent.map { Array($0.message.body) })
        #expect(blocked.sent.map(\.state) == away.sent.map(\.state))
        #expect(Array(blocked.sent[0].message.body) == Composition.offlineDocument(of: alice))
        blocked.answer(blocked.sent[0])
        for status in ["open", "closed"] {
            try blocked.publish(tuple("x", status))
            #expect(blocked.sent.isEmpty)
        }
        blocked.handle(.remove(alice))
        #expect(blocked.sent.isEmpty)
    }

    @Test("Watchers see what they may, and hear only of what changes for them")
    func views() throws {
        var driver = AgentDriver()
        let text =
            Rules.rule("bob", if: Rules.one(AgentDriver.bob), "allow", Self.seeServices)
            + Rules.rule("carol", if: Rules.one(carol), "allow", Self.seeAll)
        driver.handle(.rules(alice, try Rules.ruleset(text), externalLists: [:]))
        let document = { (note: String) in
            tuple("a", "open") + "<dm:person id='p'><dm:note>\(note)</dm:note></dm:person>"
        }
        try driver.publish(document("one"))
        let tag = try driver.response?.sipETag
        for (call, user) in [("b1", AgentDriver.bob), ("b2", AgentDriver.bob), ("c", carol)] {
            try driver.subscribe(call: call, expires: 600, as: user)
            let names = driver.sent[0].document?.elements.map(\.name.local)
            #expect(names == (call == "c" ? ["tuple", "person"] : ["tuple"]))
            driver.answer(driver.sent[0])
        }
        try driver.publish(document("two"), tag: tag)
        #expect(try driver.sent.map { try $0.message.callID } == ["c"])
        let sent = driver.sent[0]
        driver.answer(sent)
        try driver.publish(tuple("a", "closed"))
        #expect(try driver.sent.map { try $0.message.callID } == ["b1", "b2", "c"])
        #expect(driver.sent[0].message.body == driver.sent[1].message.body)
    }

    @Test("A pending watcher hears nothing of changes, and all of them once it is approved")
    func pending() throws {
        var driver = try watching("confirm")
        try driver.publish(tuple("b", "open"))
        #expect(driver.sent.isEmpty)
        try set("allow", in: &driver)
        #expect(driver.sent.map { summary($0.document) } == ["b=open a=open"])
        // A fetch that nobody decided about tells nothing.
        try set("confirm", in: &driver)
        #expect(try driver.subscribe(call: "fetch", from: "f", expires: 0) == 200)
        #expect(driver.sent.map(\.state) == ["terminated;reason=timeout"])
        #expect(driver.sent[0].message.body.isEmpty)
    }

    @Test("A NOTIFY that is under way when the rules change is followed by one that obeys them")
    func outstanding() throws {
        var driver = try watching("allow")
        try driver.publish(tuple("b", "open"))
        let underWay = driver.sent[0]
        try set("block", in: &driver)
        #expect(driver.sent.isEmpty)
        let last = driver.answer(underWay)
        #expect(last.map(\.state) == ["terminated;reason=rejected"])
        #expect(last[0].message.body.isEmpty)
    }

    @Test("A restart keeps rules, lists, and who is pending and who is active")
    func restart() throws {
        var driver = AgentDriver()
        let rules = try Rules.ruleset(
            Rules.rule("bob", if: Rules.one(AgentDriver.bob), "allow", Self.seeServices),
            Rules.rule("list", if: "<ocp:external-list><ocp:entry anc='l'/></ocp:external-list>", "polite-block"))
        driver.handle(.rules(alice, rules, externalLists: ["l": [carol], "unused": [carol]]))
        let dan = AddressOfRecord("dan@example.org")!
        try driver.publish(tuple("a", "open") + "<dm:person id='p'/>")
        for (call, user) in [("b", AgentDriver.bob), ("c", carol), ("d", dan)] {
            try driver.subscribe(call: call, expires: 600, as: user)
            driver.answer(driver.sent[0])
        }
        driver.restart()
        driver.advance(.seconds(1))
        let sent = Dictionary(uniqueKeysWithValues: try driver.sent.map { (try $0.message.callID, $0) })
        #expect(sent.count == 3)
        #expect(sent["b"]?.state == "active;expires=600")
        #expect(sent["b"]?.document?.elements.map(\.name.local) == ["tuple"])
        #expect(sent["c"]?.state == "active;expires=600")
        #expect(sent["c"].map { Array($0.message.body) } == Composition.offlineDocument(of: alice))
        #expect(sent["d"]?.state == "pending;expires=600")
        #expect(sent["d"]?.message.body.isEmpty == true)
    }

    @Test("Rules that can't be read after a restart let in nobody, now and the next time")
    func unreadableRules() throws {
        var driver = try watching("allow")
        let key = Array(alice.description.utf8)
        driver.journal[.rules] = [key: [1, 0, 0, 0, 1, 60], [0xFF]: [1]]
        for _ in 0..<2 {
            driver.restart()
            driver.advance(.seconds(1))
            #expect(driver.sent.map(\.state).allSatisfy { $0.hasPrefix("pending") })
            #expect(driver.sent.count == 1)
            driver.answer(driver.sent[0])
        }
        #expect(driver.journal[.rules]?[key] != nil)
    }

    @Test("The rules of a user who is removed go too")
    func removal() throws {
        var driver = try watching("confirm")
        driver.handle(.remove(alice))
        #expect(driver.journal[.rules] == [:])
    }
}
