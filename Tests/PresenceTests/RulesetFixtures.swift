import Presence
import Primitives
import XMLTree

/// Rules as tests write them.
enum RulesetFixtures {
    static let bob = AddressOfRecord("bob@example.org")!
    static let carol = AddressOfRecord("carol@example.net")!

    /// 2026-11-24T12:00:00Z.
    static let noon = Instant(secondsSince1970: 1_795_521_600)

    /// A ruleset around rules.
    static func document(_ rules: String) -> String {
        "<?xml version='1.0'?><ruleset xmlns='urn:ietf:params:xml:ns:common-policy' "
            + "xmlns:pr='urn:ietf:params:xml:ns:pres-rules' xmlns:ocp='urn:oma:xml:xdm:common-policy' "
            + "xmlns:x='urn:example:x'>\(rules)</ruleset>"
    }

    static func rule(
        _ id: String, if conditions: String = "", _ handling: String? = "allow", _ transformations: String = ""
    ) -> String {
        let action = handling.map { "<pr:sub-handling>\($0)</pr:sub-handling>" } ?? ""
        return "<rule id='\(id)'><conditions>\(conditions)</conditions><actions>\(action)</actions>"
            + "<transformations>\(transformations)</transformations></rule>"
    }

    static func ruleset(_ rules: String...) throws -> Ruleset {
        try Ruleset(parsing: Array(document(rules.joined()).utf8))
    }

    static func one(_ user: AddressOfRecord) -> String { "<identity><one id='sip:\(user)'/></identity>" }

    /// What transformations grant by themselves.
    static func permissions(_ transformations: String) throws -> PresencePermissions {
        let rules = try ruleset(rule("a", transformations))
        return rules.decision(on: AccessRequest(watcher: .anonymous, time: noon)).permissions
    }

    private static func rule(_ id: String, _ transformations: String) -> String {
        rule(id, if: "", "allow", transformations)
    }
}
