import XMLTree

/// How a format that includes the operations of RFC 5261 names them (§3).
struct PatchVocabulary: Sendable {
    var namespace: String
    var prefix: String
    /// What is declared around the operations.
    var scope: [XMLDeclaration]
}
