import XMLTree

/// Presence authorization: who may see what of a user's presence (RFC 5025 §9).
package struct PresRulesUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "pres-rules" }
    package var mimeType: String { "application/auth-policy+xml" }
    package var defaultNamespace: String { PresRulesSchema.namespace }
    package var namespaces: [String] { [PresRulesSchema.namespace, PresRulesSchema.commonPolicyNamespace] }
    package var schema: XMLSchema { PresRulesSchema.schema }

    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        try Self.checkRules(document, at: "*")
    }

    /// The identifiers of rules are of the type ID, and so unique in the document (RFC 4745 §13).
    ///
    /// - Parameter path: leads to the rule set. Its names are not in the default namespace of this usage, but need no
    ///   prefix, nor a query that binds it, where a wildcard stands for them.
    static func checkRules(_ document: XMLElement, at path: String) throws(ConflictReport) {
        var seen: Set<String> = []
        var values = UniqueValues()
        for (place, rule) in document.elements.enumerated() {
            guard let id = rule[attribute: XMLName("id")], !seen.insert(id).inserted else { continue }
            let field = "\(path)/" + PercentEncoding.encode("*[\(place + 1)]") + "/@id"
            values.add(ConflictReport.Duplicate(field: field))
        }
        try values.report()
    }
}
