import XMLTree

/// Presence authorization as the Open Mobile Alliance has it (Presence XDM 1.1): the documents of RFC 5025 with elements
/// of other namespaces, under a name of its own.
package struct OMAPresRulesUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "org.openmobilealliance.pres-rules" }
    package var mimeType: String { "application/auth-policy+xml" }
    package var defaultNamespace: String { PresRulesSchema.commonPolicyNamespace }
    package var namespaces: [String] { [PresRulesSchema.namespace, PresRulesSchema.commonPolicyNamespace] }
    package var schema: XMLSchema { PresRulesSchema.schema }

    /// Identifiers of rules are unique, as in the documents of RFC 5025.
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        try PresRulesUsage.checkRules(document, at: "ruleset", defaultNamespace: defaultNamespace)
    }
}
