import XMLTree

/// When a filter lets a notification go out: all of this has to have happened (RFC 4661 §3.6).
struct FilterTrigger: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        case changed(FilterExpression, from: String?, to: String?, by: Double?)
        case added(FilterExpression)
        case removed(FilterExpression)
    }

    var events: [Event]

    /// - Returns: nil when the budget is used up.
    func isActive(
        from old: IdentifiedDocument, to new: IdentifiedDocument, _ budget: inout EvaluationBudget
    ) -> Bool? {
        for event in events {
            guard let happened = Self.happened(event, old, new, &budget) else { return nil }
            if !happened { return false }
        }
        return true
    }

    private static func happened(
        _ event: Event, _ old: IdentifiedDocument, _ new: IdentifiedDocument, _ budget: inout EvaluationBudget
    ) -> Bool? {
        switch event {
        case .changed(let expression, let from, let to, let by):
            guard let before = old.nodes(of: expression, &budget), let after = new.nodes(of: expression, &budget) else {
                return nil
            }
            // RFC 4661 §3.6.1: a value that is the same as before is no change, nor is a node that came or went.
            for (identity, value) in after {
                guard let former = before[identity], former != value else { continue }
                guard let texts = texts(former, value, expression.attribute, &budget) else { return nil }
                if fits(texts, from: from, to: to, by: by) { return true }
            }
            return false
        case .added(let expression):
            guard let before = old.nodes(of: expression, &budget), let after = new.nodes(of: expression, &budget) else {
                return nil
            }
            return after.keys.contains { before[$0] == nil }
        case .removed(let expression):
            guard let before = old.nodes(of: expression, &budget), let after = new.nodes(of: expression, &budget) else {
                return nil
            }
            return before.keys.contains { after[$0] == nil }
        }
    }

    private static func texts(
        _ old: XMLElement, _ new: XMLElement, _ attribute: XMLName?, _ budget: inout EvaluationBudget
    ) -> (old: String, new: String)? {
        if let attribute { return (old[attribute: attribute] ?? "", new[attribute: attribute] ?? "") }
        guard let first = old.stringValue(&budget), let second = new.stringValue(&budget) else { return nil }
        return (first, second)
    }

    /// RFC 4661 §3.6.1.1 to §3.6.1.4: all that is stated has to fit.
    ///
    /// Values are compared by their lexical rules, which are those of each element's schema. The example in §6.2 asks for
    /// `OPEN` where PIDF says `open`; so letter case is not regarded.
    private static func fits(_ texts: (old: String, new: String), from: String?, to: String?, by: Double?) -> Bool {
        let old = texts.old.trimmed.lowercased()
        let new = texts.new.trimmed.lowercased()
        // To or from a different value.
        if from != nil || to != nil || by != nil, old == new { return false }
        if let from, from.trimmed.lowercased() != old { return false }
        if let to, to.trimmed.lowercased() != new { return false }
        guard let by else { return true }
        guard let first = Decimal.value(of: old), let second = Decimal.value(of: new) else { return false }
        return (second - first).magnitude >= by
    }
}
