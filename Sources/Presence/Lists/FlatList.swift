/// A list of resources without lists in it (RFC 4826 §4.5).
package struct FlatList: Hashable, Sendable {
    /// In the order in which a walk through the tree comes to them, each resource once.
    package internal(set) var members: [ListMember] = []
    /// The references on the way that nobody resolved, in order, each once: documents to fetch.
    package internal(set) var unresolved: [ListReference] = []
    /// Whether the tree holds more than is accepted; what comes after that is left out.
    package internal(set) var isCut = false
}
