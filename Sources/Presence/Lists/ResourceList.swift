/// A list of resources, as its author arranged it (RFC 4826 §3.1).
package struct ResourceList: Hashable, Sendable {
    /// What a list can hold.
    package enum Item: Hashable, Sendable {
        /// One resource.
        case entry(ListMember)
        /// An entry of another document under the same XCAP root, by a path relative to that root.
        case entryReference(String, DisplayName?)
        /// A list of another document, by an absolute HTTP URI.
        case external(String, DisplayName?)
        /// A list in this list.
        case list(ResourceList)
    }

    /// The handle of the list among its parent's; nil when it has none.
    package var name: String?
    package var displayName: DisplayName?
    /// In the order written.
    package var items: [Item]

    package init(name: String? = nil, displayName: DisplayName? = nil, items: [Item] = []) {
        self.name = name
        self.displayName = displayName
        self.items = items
    }

    /// How many entries, references and lists a document may hold, and how many members a flat list.
    package static let maximumEntries = 1_000
    /// How many lists may lie in each other, those behind references included.
    package static let maximumDepth = 16
}
