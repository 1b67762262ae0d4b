import Kademlia
import XCAP

/// A document record as this node knows it last, opened.
struct HeldDocument: Sendable {
    var record: Record
    /// nil when the document was deleted, or can't be read.
    var content: DocumentContent?
    /// Where the document is; nil along with the content.
    var selector: DocumentSelector?

    init(_ record: Record, openedWith secrets: DocumentSecrets) {
        self.record = record
        guard !record.isTombstone, let content = secrets.open(record.value, ofKey: record.key),
            let selector = try? RequestURI(path: content.path, query: nil).document
        else { return }
        self.content = content
        self.selector = selector
    }

    /// Whether nobody can make anything of it.
    var isUnreadable: Bool { content == nil && !record.isTombstone }
}
