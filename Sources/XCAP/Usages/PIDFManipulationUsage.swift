import XMLTree

/// Presence that lasts without being published again (RFC 4827).
package struct PIDFManipulationUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "pidf-manipulation" }
    package var mimeType: String { "application/pidf+xml" }
    package var defaultNamespace: String { PIDFSchema.namespace }
    package var schema: XMLSchema { PIDFSchema.schema }

    /// One document for each user, named `index` (RFC 4827 §9).
    package func hasPlace(for selector: DocumentSelector) -> Bool {
        selector.owner != nil && selector.path == ["index"]
    }

    /// The identifiers of tuples are of the type ID, and so unique in the document (RFC 3863 §4.1.2).
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        var values = UniqueValues(defaultNamespace: defaultNamespace)
        values.check(
            XMLName("tuple", in: PIDFSchema.namespace), attribute: "id", in: document, at: "presence")
        try values.report()
    }
}
