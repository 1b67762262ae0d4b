/// What a subscriber to XCAP changes knows of its documents, and what it has not been told yet.
///
/// RFC 5875 §4.7: no NOTIFY goes out before the last one has been answered. What happens to a document in between becomes
/// one change, from the state that the subscriber knows to the one that there is; the history between the two is not
/// told (§4.3, `no-patching`).
package struct XCAPDiffChanges: Hashable, Sendable {
    /// Documents of a subscription. What goes beyond is told of neither now nor later.
    package static let maximumDocuments = 512

    private struct Tags: Hashable, Sendable {
        /// What the subscriber was told last; nil when it knows of no such document.
        var told: String?
        var current: String?
    }

    private var documents: [String: Tags] = [:]
    /// The documents with something to tell, the one that changed first in front.
    private var order: [String] = []

    /// Nothing is there, and nothing to be told.
    package init() {}

    /// Whether there is anything to tell.
    package var isEmpty: Bool { order.isEmpty }

    /// A document has another state.
    /// - Parameters:
    ///   - selector: as the subscriber names it.
    ///   - tag: its entity tag now; nil when it is gone.
    package mutating func note(_ selector: String, _ tag: String?) {
        guard documents[selector] != nil || documents.count < Self.maximumDocuments else { return }
        var tags = documents[selector] ?? Tags()
        tags.current = tag
        // RFC 5875 §4.7: in the order of the changes.
        order.removeAll { $0 == selector }
        if tags.told != tag { order.append(selector) }
        documents[selector] = tags.told == nil && tag == nil ? nil : tags
    }

    /// Has all that is there be told of: the answer to each SUBSCRIBE (RFC 5875 §4.7), and what follows a NOTIFY that may
    /// not have arrived.
    package mutating func tellAll() {
        for (selector, tags) in documents { documents[selector] = tags.current.map { Tags(told: nil, current: $0) } }
        order = documents.keys.sorted()
    }

    /// What there is to tell; after it there is nothing.
    package mutating func take() -> [XCAPDiffDocument.Entry] {
        var entries: [XCAPDiffDocument.Entry] = []
        for selector in order {
            guard let tags = documents[selector], let change = XCAPDiffChange(from: tags.told, to: tags.current) else {
                continue
            }
            entries.append(XCAPDiffDocument.Entry(selector, change))
            documents[selector] = tags.current.map { Tags(told: $0, current: $0) }
        }
        order = []
        return entries
    }
}
