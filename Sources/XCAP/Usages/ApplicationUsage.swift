import XMLTree

/// What XCAP leaves to each application (RFC 4825 §5).
///
/// A new usage is a type of its own in a file of its own, and a place in the list that a server is made with.
package protocol ApplicationUsage: Sendable {
    /// The application unique ID (RFC 4825 §5.1).
    var auid: String { get }
    /// The MIME type of its documents (§5.3).
    var mimeType: String { get }
    /// What element names without a prefix mean in a node selector (§5.2).
    var defaultNamespace: String { get }
    /// The namespaces whose elements are validated: those that the server says it supports (§12).
    var namespaces: [String] { get }
    /// The schema of its documents (§5.3).
    var schema: XMLSchema { get }
    /// The directories that exist in each home directory beside it itself, as XCAP can't make any (§6.2 and §8.2.1).
    var directories: [[String]] { get }

    /// Whether its naming conventions have a place for the document (§5.5).
    func hasPlace(for selector: DocumentSelector) -> Bool

    /// The document that the server makes up at this place (§5.6); nil for those that clients write.
    func computed(at selector: DocumentSelector) -> ComputedDocument?

    /// Who may do what (§5.7).
    func access(to selector: DocumentSelector, isSafe: Bool) -> AccessRule

    /// Checks what the schema can't say (§5.3). The document is valid under the schema.
    func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport)
}

extension ApplicationUsage {
    package var namespaces: [String] { [defaultNamespace] }

    package var directories: [[String]] { [] }

    package func hasPlace(for selector: DocumentSelector) -> Bool { true }

    package func computed(at selector: DocumentSelector) -> ComputedDocument? { nil }

    /// The default of RFC 4825 §5.7: users read and write what is theirs and read what is global; only trusted users write
    /// global documents.
    package func access(to selector: DocumentSelector, isSafe: Bool) -> AccessRule {
        switch selector.tree {
        case .user: .owner
        case .global: isSafe ? .users : .trusted
        }
    }

    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {}
}
