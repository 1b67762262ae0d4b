import XMLTree

/// Resource lists: whom a user knows (RFC 4826 §3.4).
package struct ResourceListsUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "resource-lists" }
    package var mimeType: String { "application/resource-lists+xml" }
    package var defaultNamespace: String { ResourceListsSchema.namespace }
    package var schema: XMLSchema { ResourceListsSchema.schema }

    /// Names and URIs are unique within their parent, and references have their form (§3.4.5).
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        var constraints = ResourceListConstraints(defaultNamespace: defaultNamespace)
        constraints.check(document, at: "resource-lists")
        try constraints.report()
    }
}
