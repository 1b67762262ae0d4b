import XMLTree

extension FilterExpression {
    /// - Parameters:
    ///   - text: of the grammar in RFC 4661 §5. That puts a condition at the very end and its values without quotes; its
    ///     examples have conditions at any step and quoted values, as XPath does, and so it is here.
    ///   - bindings: RFC 4661 §5: a name without a prefix is in no namespace, whatever the default of a document is.
    ///   - mayCompare: triggers take references, which have no conditions (RFC 4661 §3.6).
    init(_ text: String, _ bindings: NamespaceScope, mayCompare: Bool) throws(FilterError) {
        guard text.utf8.count <= FilterLimits.expression else { throw FilterError("an expression is too long") }
        var parser = FilterParser(text, bindings)
        steps = []
        while attribute == nil, !parser.isAtEnd {
            guard parser.take("/") else { throw parser.failure }
            let descends = parser.take("/")
            if parser.take("@") {
                // `//@name` would be an attribute of any element, for which the grammar has no form.
                guard !descends, !steps.isEmpty else { throw parser.failure }
                attribute = try parser.name(isAttribute: true)
                continue
            }
            let name = parser.take("*") ? nil : try parser.name()
            let condition = parser.take("[") ? try parser.condition() : nil
            guard condition == nil || mayCompare else { throw parser.failure }
            steps.append(Step(descends: descends, name: name, condition: condition))
            guard steps.count <= FilterLimits.steps else { throw FilterError("an expression has too many steps") }
        }
        guard parser.isAtEnd, !steps.isEmpty else { throw parser.failure }
    }
}
