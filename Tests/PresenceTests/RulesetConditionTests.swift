import Presence
import Primitives
import Testing

@Suite("Conditions of presence rules")
struct RulesetConditionTests {
    private typealias Rules = RulesetFixtures

    /// Whether a rule with these conditions matches.
    private func matches(
        _ conditions: String, _ watcher: WatcherIdentity = .authenticated(Rules.bob), sphere: Set<String> = [],
        time: Instant = Rules.noon, lists: [String: Set<AddressOfRecord>] = [:], beside: String = ""
    ) throws -> Bool {
        let rules = try Rules.ruleset(Rules.rule("tested", if: conditions), beside)
        let request = AccessRequest(watcher: watcher, sphere: sphere, time: time, externalLists: lists)
        return rules.decision(on: request, otherwise: .block).decidedBy == ["tested"]
    }

    private static func identity(_ inner: String) -> String { "<identity>\(inner)</identity>" }

    @Test(
        "One entity by its URI",
        arguments: [
            ("<one id='sip:bob@example.org'/>", true),
            ("<one id='sip:bob@EXAMPLE.org'/>", true),
            ("<one id='sip:%62ob@example.org'/>", true),
            ("<one id=' sip:bob@example.org '/>", true),
            ("<one id='sip:Bob@example.org'/>", false),
            ("<one id='sip:bob@example.com'/>", false),
            ("<one id='tel:+1-212-555-1234'/>", false),
            ("<one id='mailto:bob@example.org'/>", false),
            ("<one id='bob@example.org'/>", false),
            ("<one id=''/>", false),
            ("<one/>", false),
            ("<one id='sip:bob@example.org'><x:only-on-mondays/></one>", false),
            ("<one id='sip:zoe@example.org'/><one id='sip:bob@example.org'/>", true),
            ("<x:somebody/><one id='sip:bob@example.org'/>", true),
            ("<x:somebody/>", false),
            ("", false),
        ])
    func one(inner: String, expected: Bool) throws {
        #expect(try matches(Self.identity(inner)) == expected)
    }

    @Test(
        "Many entities, with exceptions",
        arguments: [
            ("<many/>", true),
            ("<many domain='example.org'/>", true),
            ("<many domain='EXAMPLE.ORG'/>", true),
            ("<many domain='%65xample.org'/>", true),
            ("<many domain='example.com'/>", false),
            ("<many domain='org'/>", false),
            ("<many domain='bücher.example'/>", false),
            ("<many domain='example.org'><except id='sip:alice@example.org'/></many>", true),
            ("<many domain='example.org'><except id='sip:bob@example.org'/></many>", false),
            ("<many><except domain='example.org'/></many>", false),
            ("<many><except domain='Example.Org'/></many>", false),
            ("<many><except domain='example.com'/><except id='sip:bob@example.org'/></many>", false),
            ("<many><except domain='example.com'/><except id='sip:zoe@example.org'/></many>", true),
            ("<many><except id='tel:+1-212-555-1234'/></many>", true),
            ("<many><except id='sip:zoe@example.org' domain='example.org'/></many>", false),
            // What can't be read might have left bob out.
            ("<many><except/></many>", false),
            ("<many><except id='bob'/></many>", false),
            ("<many><except domain='bücher.example'/></many>", false),
            ("<many><x:unless/></many>", false),
            ("<many><x:unless/></many><many domain='example.org'/>", true),
        ])
    func many(inner: String, expected: Bool) throws {
        #expect(try matches(Self.identity(inner)) == expected)
    }

    @Test(
        "Who is not authenticated matches no identity",
        arguments: [WatcherIdentity.unauthenticated(Rules.bob), .anonymous])
    func unauthenticated(watcher: WatcherIdentity) throws {
        #expect(try !matches(Self.identity("<many/><one id='sip:bob@example.org'/>"), watcher))
        #expect(try !matches("<ocp:other-identity/>", watcher))
        #expect(
            try !matches(
                "<ocp:external-list><ocp:entry anc='l'/></ocp:external-list>", watcher, lists: ["l": [Rules.bob]]))
        #expect(try matches("", watcher))
    }

    @Test("An anonymous request is one without a name")
    func anonymous() throws {
        #expect(try matches("<ocp:anonymous-request/>", .anonymous))
        #expect(try !matches("<ocp:anonymous-request/>", .unauthenticated(Rules.bob)))
        #expect(try !matches("<ocp:anonymous-request/>"))
    }

    @Test(
        "Sphere: any of the tokens, whatever their case",
        arguments: [
            ("work", ["work"], true), ("WORK", ["work"], true), ("home work", ["work"], true),
            ("home", ["work"], false), ("", ["work"], false), ("work", [], false), ("home  travel", ["travel"], true),
        ] as [(String, Set<String>, Bool)])
    func sphere(value: String, sphere: Set<String>, expected: Bool) throws {
        #expect(try matches("<sphere value='\(value)'/>", sphere: sphere) == expected)
    }

    private static func period(_ from: String, _ until: String) -> String {
        "<from>\(from)</from><until>\(until)</until>"
    }

    @Test(
        "Validity: from the first instant up to the last, any of the pairs",
        arguments: [
            (period("2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z"), true),
            (period("2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z"), false),
            (period("2026-11-24T13:00:00+01:00", "2026-11-24T14:00:00+01:00"), true),
            (period("2026-11-24T06:30:00.000-05:30", "2026-11-24T06:30:00.5-05:30"), true),
            (period("2026-11-24T12:00:00.000000001Z", "2026-11-25T00:00:00Z"), false),
            (period("2026-11-24T00:00:00", "2026-11-24T24:00:00"), true),
            (period("1950-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), true),
            (
                period("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z")
                    + period("2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"), true
            ),
            (period("2026-11-24T13:00:00Z", "2026-11-24T11:00:00Z"), false),
            ("<from>2026-11-24T11:00:00Z</from>", false),
            ("<until>2026-11-24T13:00:00Z</until>", false),
            ("<from>2026-11-24T11:00:00Z</from><x:y/><until>2026-11-24T13:00:00Z</until>", false),
            (period("yesterday", "2026-11-24T13:00:00Z"), false),
            (period("2026-02-30T00:00:00Z", "2026-11-24T13:00:00Z"), false),
            (period("2026-11-24T11:00:00Z", "2026-11-24T13:00:60Z"), false),
            (period("2026-11-24T11:00:00Z", "2026-11-24T13:00:00+14:01"), false),
            (period("2026-11-24T11:00:00Z", "2026-11-24T13:00:00ZZ"), false),
            ("", false),
        ])
    func validity(inner: String, expected: Bool) throws {
        #expect(try matches("<validity>\(inner)</validity>") == expected)
    }

    @Test("Days are counted through leap years and centuries")
    func calendar() throws {
        // Each second before midnight is in the day, midnight itself is in the next.
        let days: [(String, UInt64)] = [
            ("1970-01-01", 0), ("1972-02-29", 68_169_600), ("2000-02-29", 951_782_400), ("2100-03-01", 4_107_542_400),
            ("2024-12-31", 1_735_603_200),
        ]
        for (day, seconds) in days {
            let conditions = "<validity>\(Self.period("\(day)T00:00:00Z", "\(day)T24:00:00Z"))</validity>"
            #expect(try matches(conditions, time: Instant(secondsSince1970: seconds)))
            #expect(try matches(conditions, time: Instant(secondsSince1970: seconds + 86_399)))
            #expect(try !matches(conditions, time: Instant(secondsSince1970: seconds + 86_400)))
            if seconds > 0 { #expect(try !matches(conditions, time: Instant(secondsSince1970: seconds - 1))) }
        }
        let noLeapDay = "<validity>\(Self.period("2100-02-29T00:00:00Z", "2100-03-02T00:00:00Z"))</validity>"
        #expect(try !matches(noLeapDay, time: Instant(secondsSince1970: 4_107_542_400)))
    }

    @Test("What is not known never holds, whatever stands beside it")
    func unknown() throws {
        #expect(try !matches("<x:weather>fine</x:weather>"))
        #expect(try !matches("<ocp:media-list/>"))
        #expect(try !matches(Rules.one(Rules.bob) + "<x:weather>fine</x:weather>"))
        #expect(try matches(Rules.one(Rules.bob)))
    }

    @Test("All conditions of a rule must hold, those of one kind too")
    func conjunction() throws {
        #expect(try matches(Rules.one(Rules.bob) + "<sphere value='work'/>", sphere: ["work"]))
        #expect(try !matches(Rules.one(Rules.bob) + "<sphere value='work'/>", sphere: ["home"]))
        #expect(try !matches(Rules.one(Rules.bob) + Rules.one(Rules.carol)))
    }

    @Test("An external list matches its members, and nobody while it is not resolved")
    func externalList() throws {
        let condition = "<ocp:external-list><ocp:entry anc='friends'/><ocp:entry anc='family'/></ocp:external-list>"
        #expect(try Rules.ruleset(Rules.rule("a", if: condition)).externalLists == ["friends", "family"])
        #expect(try matches(condition, lists: ["friends": [], "family": [Rules.bob]]))
        #expect(try matches(condition, lists: ["family": [Rules.bob]]))
        #expect(try !matches(condition, lists: ["friends": [Rules.carol], "family": []]))
        #expect(try !matches(condition, lists: ["foes": [Rules.bob]]))
    }

    @Test("Other identities are those to whom no rule refers, whatever else that rule asks for")
    func otherIdentity() throws {
        let other = "<ocp:other-identity/>"
        #expect(try matches(other))
        #expect(try matches(other, beside: Rules.rule("b", if: Rules.one(Rules.carol))))
        #expect(try !matches(other, beside: Rules.rule("b", if: Rules.one(Rules.bob), "block")))
        #expect(try !matches(other, beside: Rules.rule("b", if: Rules.one(Rules.bob) + "<sphere value='x'/>", "block")))
        let list = Rules.rule("b", if: "<ocp:external-list><ocp:entry anc='l'/></ocp:external-list>", "block")
        #expect(try matches(other, lists: ["l": [Rules.carol]], beside: list))
        #expect(try !matches(other, lists: ["l": [Rules.bob]], beside: list))
        // Who is on a list that can't be resolved is not known.
        #expect(try !matches(other, beside: list))
    }
}
