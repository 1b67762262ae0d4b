import Presence
import Primitives
import Testing
import XMLTree

@Suite("Any ruleset and any document")
struct RulesetPropertyTests {
    private typealias Rules = RulesetFixtures

    private func ruleset(_ rules: [RandomRules.Rule]) throws -> Ruleset {
        try Ruleset(parsing: Array(Rules.document(rules.map(\.text).joined()).utf8))
    }

    private func request(_ watcher: WatcherIdentity) -> AccessRequest {
        AccessRequest(watcher: watcher, sphere: ["work"], time: Rules.noon, externalLists: RandomRules.lists)
    }

    @Test("A watcher sees all that the rules allow and nothing else", arguments: 0..<20 as Range<UInt64>)
    func exactlyWhatIsAllowed(seed: UInt64) throws {
        var source = RandomRules(seed: seed)
        var decided = 0
        var shown = 0
        for _ in 0..<25 {
            let rules = source.rules(Int.random(in: 0...5, using: &source.random))
            let ruleset = try ruleset(rules)
            let document = source.document()
            let text = PresenceFixtures.document(document.map(\.text).joined())
            let root = try XMLDocument(parsing: Array(text.utf8)).root
            for watcher in RandomRules.watchers {
                let decision = ruleset.decision(on: request(watcher), otherwise: .confirm)
                let matching = RandomRules.matching(rules, watcher)
                let handling = matching.map(\.handling).max() ?? .confirm
                #expect(decision.handling == handling)
                #expect(
                    decision.decidedBy
                        == rules.indices.filter { index in
                            rules[index].handling == handling && matching.contains { $0.text == rules[index].text }
                        }.map { "r\($0)" })
                let seen = decision.permissions.filtered(root)
                #expect(RandomRules.summary(seen) == RandomRules.visible(document, by: matching))
                // RFC 5025 §4: what was filtered stays as it is when it is filtered again, unless what it was picked
                // by is not shown itself.
                if RandomRules.showsClasses(matching) { #expect(decision.permissions.filtered(seen) == seen) }
                decided += matching.isEmpty ? 0 : 1
                shown += RandomRules.summary(seen).count
            }
        }
        #expect(decided > 25)
        #expect(shown > 100)
    }

    @Test("The order of rules means nothing, and no rule takes away", arguments: 0..<20 as Range<UInt64>)
    func rulesOnlyGrant(seed: UInt64) throws {
        var source = RandomRules(seed: seed)
        for _ in 0..<20 {
            // A rule for other identities does take away when another one comes to refer to them.
            let rules = source.rules(4).filter { rule in !rule.conditions.contains { $0.isOther } }
            for watcher in RandomRules.watchers {
                let all = try ruleset(rules).decision(on: request(watcher), otherwise: .block)
                let reversed = try ruleset(rules.reversed()).decision(on: request(watcher), otherwise: .block)
                #expect(reversed.handling == all.handling)
                #expect(reversed.permissions == all.permissions)
                let fewer = try ruleset(Array(rules.dropLast())).decision(on: request(watcher), otherwise: .block)
                #expect(fewer.handling <= all.handling)
                var union = fewer.permissions
                union.formUnion(all.permissions)
                #expect(union == all.permissions)
            }
        }
    }

    @Test("No document traps, and what is damaged grants a stranger nothing", arguments: 0..<10 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var source = RandomRules(seed: seed)
        let stranger = WatcherIdentity.authenticated(AddressOfRecord("stranger@example.com")!)
        let now = Instant(secondsSince1970: 4_000_000_000)
        let whole = try XMLDocument(
            parsing: Array(PresenceFixtures.document(PresenceFixtures.rich).utf8)
        ).root
        var read = 0
        for _ in 0..<200 {
            // Every rule asks for somebody else or another time, so that no damage to one place alone opens it.
            var bytes = Array(
                Rules.document(
                    source.rules(3).enumerated().map { index, _ in
                        Rules.rule(
                            "r\(index)",
                            if: Rules.one(Rules.bob) + "<validity><from>2020-01-01T00:00:00Z</from>"
                                + "<until>2030-01-01T00:00:00Z</until></validity>", "allow",
                            "<pr:provide-all-attributes/><pr:provide-persons><pr:all-persons/></pr:provide-persons>")
                    }.joined()
                ).utf8)
            let start = Int.random(in: 150..<bytes.count - 20, using: &source.random)
            switch Int.random(in: 0..<4, using: &source.random) {
            case 0: bytes[start] = UInt8.random(in: 0...255, using: &source.random)
            case 1: bytes.removeSubrange(start..<start + Int.random(in: 1...20, using: &source.random))
            case 2: bytes.insert(contentsOf: source.random.bytes(3), at: start)
            default: bytes.replaceSubrange(start..<start + 4, with: bytes[(start - 100)..<(start - 90)])
            }
            guard let rules = try? Ruleset(parsing: bytes) else { continue }
            read += 1
            let decision = rules.decision(on: AccessRequest(watcher: stranger, time: now), otherwise: .block)
            #expect(decision.handling == .block)
            #expect(decision.permissions.filtered(whole).elements.isEmpty)
            _ = rules.nextChange(after: now)
        }
        #expect(read > 5)
    }
}
