import XMLTree

/// One rule of a ruleset (RFC 4745 §6): what it grants, and under which conditions.
struct Rule: Hashable, Sendable {
    /// The name its author gave it; no other rule of the ruleset has it.
    var id: String
    /// All of them must hold (RFC 4745 §10.1); where there is none, the rule matches every request.
    var conditions: [Condition]
    var handling: SubscriptionHandling
    var permissions: PresencePermissions

    init(parsing element: XMLElement) throws(RulesetError) {
        // RFC 4745 §6.1: every rule is identified.
        guard let id = element[attribute: CommonPolicy.id], !id.isEmpty else { throw .ruleWithoutID }
        self.id = id
        conditions = element.all(CommonPolicy.conditions).flatMap(\.elements).map { Condition(parsing: $0) }
        // RFC 4745 §10.2, RFC 5025 §3.2.1: what a rule does not say has the lowest value, which is to block; so has
        // what is not understood.
        let actions = element.all(CommonPolicy.actions).flatMap { $0.all(PresenceRules.subHandling) }
        handling = actions.compactMap { SubscriptionHandling(spelled: $0.text.trimmed) }.max() ?? .block
        permissions = .nothing
        for transformations in element.all(CommonPolicy.transformations) {
            permissions.formUnion(PresencePermissions(parsing: transformations))
        }
    }
}
