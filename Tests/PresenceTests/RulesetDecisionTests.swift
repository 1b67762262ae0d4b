import Presence
import Primitives
import Testing
import XMLTree

@Suite("Decisions of presence rules")
struct RulesetDecisionTests {
    private typealias Rules = RulesetFixtures

    private func decision(
        _ rules: Ruleset, _ watcher: WatcherIdentity = .authenticated(Rules.bob), sphere: Set<String> = [],
        time: Instant = Rules.noon, otherwise: SubscriptionHandling = .confirm
    ) -> AccessDecision {
        rules.decision(on: AccessRequest(watcher: watcher, sphere: sphere, time: time), otherwise: otherwise)
    }

    @Test(
        "The greatest handling of all rules that match",
        arguments: [
            (["block"], .block), (["confirm"], .confirm), (["polite-block"], .politeBlock), (["allow"], .allow),
            ([" allow\n"], .allow), (["Allow"], .block), (["grant"], .block), ([nil], .block),
            (["block", "confirm"], .confirm), (["polite-block", "confirm"], .politeBlock),
            (["allow", "block", "polite-block"], .allow), ([nil, "confirm"], .confirm),
        ] as [([String?], SubscriptionHandling)])
    func handling(values: [String?], expected: SubscriptionHandling) throws {
        let text = values.enumerated().map { Rules.rule("r\($0)", $1) }.joined()
        #expect(decision(try Rules.ruleset(text)).handling == expected)
    }

    @Test("It is said which rules decided, in their order")
    func explanation() throws {
        let rules = try Rules.ruleset(
            Rules.rule("everybody", "confirm"), Rules.rule("b", if: Rules.one(Rules.bob)),
            Rules.rule("c", if: Rules.one(Rules.carol), "allow"), Rules.rule("a", if: "<identity><many/></identity>"))
        #expect(decision(rules).decidedBy == ["b", "a"])
        #expect(decision(rules, .anonymous).decidedBy == ["everybody"])
    }

    @Test(
        "Where no rule matches the default decides, and says so by naming none",
        arguments: SubscriptionHandling.allCases)
    func noMatch(otherwise: SubscriptionHandling) throws {
        for rules in [try Rules.ruleset(), try Rules.ruleset(Rules.rule("c", if: Rules.one(Rules.carol)))] {
            let decision = decision(rules, otherwise: otherwise)
            #expect(decision.handling == otherwise)
            #expect(decision.decidedBy.isEmpty)
            #expect(decision.permissions == (otherwise == .allow ? .everything : .nothing))
        }
        #expect(decision(try Rules.ruleset()).handling == .confirm)
    }

    @Test("Sets are combined by union, booleans by or, degrees by their maximum")
    func combination() throws {
        let rules = try Rules.ruleset(
            Rules.rule(
                "a", "allow",
                "<pr:provide-devices><pr:deviceID>urn:uuid:1</pr:deviceID><pr:class>biz</pr:class></pr:provide-devices>"
                    + "<pr:provide-mood>true</pr:provide-mood><pr:provide-note>false</pr:provide-note>"
                    + "<pr:provide-user-input>bare</pr:provide-user-input><pr:provide-services><pr:all-services/>"
                    + "</pr:provide-services>"),
            Rules.rule(
                "b", "block",
                "<pr:provide-devices><pr:class>home</pr:class><pr:class>biz</pr:class></pr:provide-devices>"
                    + "<pr:provide-mood>false</pr:provide-mood><pr:provide-sphere>1</pr:provide-sphere>"
                    + "<pr:provide-user-input>thresholds</pr:provide-user-input><pr:provide-services>"
                    + "<pr:service-uri-scheme>sip</pr:service-uri-scheme></pr:provide-services>"
                    + "<pr:provide-unknown-attribute name='foo' ns='urn:example:x'>true</pr:provide-unknown-attribute>"),
            Rules.rule("c", if: Rules.one(Rules.carol), "allow", "<pr:provide-all-attributes/>"))
        let permissions = decision(rules).permissions
        #expect(permissions.devices == .selected([.deviceID("urn:uuid:1"), .class("biz"), .class("home")]))
        #expect(permissions.services == .all)
        #expect(permissions.persons == .selected([]))
        #expect(
            permissions.attributes
                == .some(
                    [.mood, .sphere], unknown: [XMLName("foo", in: "urn:example:x")], userInput: .thresholds))
        #expect(decision(rules, .authenticated(Rules.carol)).permissions.attributes == .all)
    }

    /// RFC 4745 §10.3, with handling and user-input in place of its columns Y and Z and mood for X.
    @Test("The example of combining permissions")
    func exampleOfCombining() throws {
        func row(
            _ id: Int, _ who: String, _ sphere: String, _ from: String, _ until: String, _ mood: String?,
            _ handling: String, _ input: String
        ) -> String {
            Rules.rule(
                "\(id)",
                if: "<identity><one id='sip:\(who)@example.org'/></identity><sphere value='\(sphere)'/>"
                    + "<validity><from>2003-12-\(from)+01:00</from><until>2003-12-\(until)+01:00</until></validity>",
                handling,
                (mood.map { "<pr:provide-mood>\($0)</pr:provide-mood>" } ?? "")
                    + "<pr:provide-user-input>\(input)</pr:provide-user-input>")
        }
        let (a1, a2, a3) = ("24T17:00:00", "24T21:00:00", "24T23:30:00")
        let (b1, b2) = ("22T17:00:00", "23T17:00:00")
        let rules = try Rules.ruleset(
            row(1, "bob", "home", a1, a2, "true", "polite-block", "thresholds"),
            row(2, "alice", "work", a1, a2, "false", "confirm", "full"),
            row(3, "bob", "work", a1, a2, "true", "block", "bare"),
            row(4, "tom", "work", a1, a2, "true", "confirm", "full"),
            row(5, "bob", "work", a1, a3, nil, "allow", "thresholds"),
            row(6, "bob", "work", b1, b2, "false", "polite-block", "bare"))
        // 2003-12-24T17:15:00+01:00
        let now = Instant(secondsSince1970: 1_072_282_500)
        let decision = decision(rules, sphere: ["work"], time: now)
        #expect(decision.handling == .allow)
        #expect(decision.decidedBy == ["5"])
        #expect(decision.permissions.attributes == .some([.mood], unknown: [], userInput: .thresholds))
    }

    @Test("The rules that OMA has clients begin with")
    func clientDefaults() throws {
        let list = { (name: String) in "<ocp:external-list><ocp:entry anc='\(name)'/></ocp:external-list>" }
        let rules = try Rules.ruleset(
            Rules.rule("wp_prs_block_anonymous", if: "<ocp:anonymous-request/>", "block"),
            Rules.rule("wp_prs_unlisted", if: "<ocp:other-identity/>", "confirm"),
            Rules.rule("wp_prs_grantedcontacts", if: list("granted")),
            Rules.rule("wp_prs_blockedcontacts", if: list("blocked"), "block"))
        let dan = AddressOfRecord("dan@example.org")!
        let expected: [(WatcherIdentity, SubscriptionHandling, String)] = [
            (.anonymous, .block, "wp_prs_block_anonymous"), (.authenticated(dan), .confirm, "wp_prs_unlisted"),
            (.authenticated(Rules.bob), .allow, "wp_prs_grantedcontacts"),
            (.authenticated(Rules.carol), .block, "wp_prs_blockedcontacts"),
        ]
        for (watcher, handling, rule) in expected {
            let request = AccessRequest(
                watcher: watcher, time: Rules.noon,
                externalLists: ["granted": [Rules.bob], "blocked": [Rules.carol]])
            let decision = rules.decision(on: request, otherwise: .block)
            #expect(decision.handling == handling)
            #expect(decision.decidedBy == [rule])
        }
    }

    @Test("The next time at which a period begins or ends")
    func nextChange() throws {
        let hours = { (from: Int, until: Int) in
            "<validity><from>2026-11-24T\(from):00:00Z</from><until>2026-11-24T\(until):00:00Z</until></validity>"
        }
        let rules = try Rules.ruleset(Rules.rule("a", if: hours(14, 16)), Rules.rule("b", if: hours(10, 15)))
        let at = { (hour: Int) in Rules.noon + .hours(hour - 12) }
        #expect(rules.nextChange(after: at(9)) == at(10))
        #expect(rules.nextChange(after: at(10)) == at(14))
        #expect(rules.nextChange(after: at(14)) == at(15))
        #expect(rules.nextChange(after: at(15)) == at(16))
        #expect(rules.nextChange(after: at(16)) == nil)
        #expect(try Rules.ruleset(Rules.rule("a")).nextChange(after: at(0)) == nil)
    }

    @Test("A document that was parsed already says the same")
    func parsedDocument() throws {
        let bytes = Array(Rules.document(Rules.rule("b", if: Rules.one(Rules.bob))).utf8)
        let document = try XMLDocument(parsing: bytes)
        #expect(decision(try Ruleset(document)) == decision(try Ruleset(parsing: bytes)))
        #expect(decision(try Ruleset(document)).decidedBy == ["b"])
        #expect(throws: RulesetError.notRuleset) { try Ruleset(XMLDocument(root: XMLElement(PIDF.presence))) }
    }

    @Test("What is no ruleset is refused")
    func refused() throws {
        let refusals: [(String, RulesetError)] = [
            ("<rules/>", .notRuleset), ("<ruleset/>", .notRuleset),
            (Rules.document("<rule/>"), .ruleWithoutID), (Rules.document("<rule id=''/>"), .ruleWithoutID),
            (Rules.document("<rule id='a'/><rule id='a'/>"), .duplicateID("a")),
            (
                Rules.document(
                    Rules.rule(
                        "a",
                        if: "<identity>\(String(repeating: "<many domain='example.org'/>", count: 2_048))</identity>")),
                .tooLarge
            ),
            (Rules.document((0...512).map { "<rule id='\($0)'/>" }.joined()), .tooLarge),
            (
                Rules.document(
                    Rules.rule(
                        "a", "allow",
                        "<pr:provide-persons>\((0...256).map { "<pr:class>\($0)</pr:class>" }.joined())"
                            + "</pr:provide-persons>")), .tooLarge
            ),
        ]
        for (text, error) in refusals {
            #expect(throws: error) { try Ruleset(parsing: Array(text.utf8)) }
        }
        #expect(throws: RulesetError.self) { try Ruleset(parsing: Array("<ruleset".utf8)) }
        // What is not known beside rules, in them and among actions is no reason.
        let odd = Rules.document("<x:y/><rule id='a'><x:y/><actions><x:y/></actions></rule>")
        #expect(decision(try Ruleset(parsing: Array(odd.utf8))).handling == .block)
    }
}
