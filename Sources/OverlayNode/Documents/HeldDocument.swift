import Kademlia
import XCAP

/// A document record as this node knows it last, opened.
struct HeldDocument: Sendable {
    var record: Record
    /// nil when the document was deleted, can't be read, or is in parts that are not at hand.
    var content: DocumentContent?
    /// Where the document is; nil when it was deleted or can't be read.
    var selector: DocumentSelector?
    /// What is known of the document's parts, if it is in parts.
    var parts: DocumentParts?
    /// Whether parts were looked for and not found.
    var isLost = false

    init(_ record: Record, openedWith secrets: DocumentSecrets) {
        self.record = record
        guard !record.isTombstone, let value = secrets.open(record.value, ofKey: record.key),
            let selector = try? RequestURI(path: value.path, query: nil).document
        else { return }
        self.selector = selector
        switch value {
        case .whole(let content): self.content = content
        case .parts(let parts, _): self.parts = parts
        }
    }

    /// Whether nobody can make anything of it.
    var isUnreadable: Bool { selector == nil && !record.isTombstone }

    /// Whether there is a document whose parts are not at hand.
    var isIncomplete: Bool { parts != nil && content == nil }

    /// How much it has in parts, in bytes.
    var bytesInParts: Int { parts?.size ?? 0 }
}
