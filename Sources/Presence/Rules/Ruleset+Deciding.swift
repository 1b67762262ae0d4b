import Primitives

extension Ruleset {
    /// What the rules say to a request.
    ///
    /// RFC 4745 §10: every rule all of whose conditions hold matches, and what the matching rules grant is combined: the
    /// greatest handling, the union of the permissions. Their order has no meaning.
    /// - Parameter handling: what becomes of a request that no rule matches.
    package func decision(
        on request: AccessRequest, otherwise handling: SubscriptionHandling = .confirm
    ) -> AccessDecision {
        let isOther = isOtherIdentity(request)
        let matching = rules.filter { rule in
            rule.conditions.allSatisfy { $0 == .otherIdentity ? isOther : $0.holds(for: request) }
        }
        guard let greatest = matching.map(\.handling).max() else { return AccessDecision(byDefault: handling) }
        var permissions = PresencePermissions.nothing
        for rule in matching { permissions.formUnion(rule.permissions) }
        let decidedBy = matching.filter { $0.handling == greatest }.map(\.id)
        return AccessDecision(handling: greatest, decidedBy: decidedBy, permissions: permissions)
    }

    /// When a decision may next be another one though nothing happened: a period of validity begins or ends.
    package func nextChange(after time: Instant) -> Instant? { changes.filter { $0 > time }.min() }

    /// When it last may have become what it is.
    func lastChange(upTo time: Instant) -> Instant? { changes.filter { $0 <= time }.max() }

    /// When periods of validity begin and end.
    private var changes: [Instant] {
        var changes: [Instant] = []
        for case .validity(let periods) in rules.lazy.flatMap(\.conditions) {
            for period in periods where period.from < period.until { changes += [period.from, period.until] }
        }
        return changes
    }

    /// OMA XDM: `<other-identity>` is for those whom no rule refers to, whatever else that rule asks for. While a list
    /// can't be resolved, nobody knows who is not in it.
    private func isOtherIdentity(_ request: AccessRequest) -> Bool {
        guard case .authenticated = request.watcher,
            externalLists.allSatisfy({ request.externalLists[$0] != nil })
        else { return false }
        return !rules.contains { rule in
            rule.conditions.contains { condition in
                switch condition {
                case .identity, .externalList: condition.holds(for: request)
                default: false
                }
            }
        }
    }
}
