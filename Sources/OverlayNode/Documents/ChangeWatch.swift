import Primitives
import XCAP

/// Somebody who wants to know when documents of a user change, and which.
struct ChangeWatch: Sendable {
    var user: AddressOfRecord
    var selections: [ChangeSelection]

    /// What a document is called in what is told of it; nil when it was not selected. What several select is told of once
    /// (RFC 5875 §4.7).
    func name(of document: DocumentSelector) -> String? {
        for selection in selections {
            if let name = selection.name(of: document) { return name }
        }
        return nil
    }
}
