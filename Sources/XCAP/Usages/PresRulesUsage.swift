import XMLTree

/// Presence authorization: who may see what of a user's presence (RFC 5025 §9).
package struct PresRulesUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "pres-rules" }
    package var mimeType: String { "application/auth-policy+xml" }
    package var defaultNamespace: String { PresRulesSchema.namespace }
    package var namespaces: [String] { [PresRulesSchema.namespace, PresRulesSchema.commonPolicyNamespace] }
    package var schema: XMLSchema { PresRulesSchema.schema }

    /// Identifiers of rules are unique; RFC 5025 §9.5 adds nothing.
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        try Self.checkRules(document, at: "*", defaultNamespace: defaultNamespace)
    }

    /// The identifiers of rules are of the type ID, and so unique in the document (RFC 4745 §13).
    ///
    /// - Parameter path: leads to the rule set; a wildcard where its name is not in the default namespace.
    static func checkRules(
        _ document: XMLElement, at path: String, defaultNamespace: String
    ) throws(ConflictReport) {
        var values = UniqueValues(defaultNamespace: defaultNamespace)
        let rule = XMLName("rule", in: PresRulesSchema.commonPolicyNamespace)
        values.check(rule, attribute: "id", in: document, at: path)
        try values.report()
    }
}
