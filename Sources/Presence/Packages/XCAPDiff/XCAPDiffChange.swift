import XMLTree

/// What is told of a document (RFC 5874 §3, figure 1). Entity tags come without the quotes of HTTP.
package enum XCAPDiffChange: Hashable, Sendable {
    /// It is there, or has just been made.
    case exists(String)
    /// It is another one than the subscriber knows.
    case changed(from: String, to: String)
    /// It was removed.
    case removed(String)

    /// - Returns: nil when nothing has changed.
    init?(from old: String?, to new: String?) {
        switch (old, new) {
        case (nil, nil): return nil
        case (nil, let new?): self = .exists(new)
        case (let old?, nil): self = .removed(old)
        case (let old?, let new?):
            guard old != new else { return nil }
            self = .changed(from: old, to: new)
        }
    }

    func element(of selector: String) -> XMLElement {
        var element = XMLElement(XCAPDiffDocument.document)
        element[attribute: XMLName("sel")] = selector
        // RFC 5874 §3: `new-etag` alone says that a document exists, `previous-etag` alone that it doesn't any more, and
        // both without instructions between them that it is to be fetched.
        switch self {
        case .exists(let tag): element[attribute: XMLName("new-etag")] = tag
        case .changed(let old, let new):
            element[attribute: XMLName("previous-etag")] = old
            element[attribute: XMLName("new-etag")] = new
        case .removed(let tag): element[attribute: XMLName("previous-etag")] = tag
        }
        return element
    }
}
