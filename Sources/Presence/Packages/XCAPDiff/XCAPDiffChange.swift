import XMLTree

/// What is told of an XCAP resource (RFC 5874 §3, figure 1). Entity tags come without the quotes of HTTP.
package enum XCAPDiffChange: Hashable, Sendable {
    /// A document is there, or has just been made.
    case exists(String)
    /// A document is another one than the subscriber knows, which has to fetch it.
    case changed(from: String, to: String)
    /// The same, with what makes the new one of the old one.
    case patched(from: String, to: String, XCAPDiffPatch)
    /// A document was removed.
    case removed(String)
    /// An element as it is; nil when it is not there any more.
    case element(XMLElement?)
    /// An element is there, and is too large to be shown.
    case largeElement
    /// The value of an attribute; nil when it is not there any more.
    case attribute(String?)

    /// - Parameter isPatched: whether to work out how to patch a document.
    /// - Returns: nil when nothing has changed.
    init?(from old: XCAPResource.Content?, to new: XCAPResource.Content?, isPatched: Bool) {
        guard !XCAPResource.Content.isSame(old, new) else { return nil }
        switch (old, new) {
        case (.document(let from, let before)?, .document(let to, let after)?):
            self = .changed(from: from, to: to)
            guard isPatched, let before, let after, let patch = XCAPDiffPatch(from: before, to: after) else { return }
            self = .patched(from: from, to: to, patch)
        case (_, .document(let tag, _)?): self = .exists(tag)
        case (_, .element(let element)?): self = .element(element)
        case (_, .attribute(let value)?): self = .attribute(value)
        case (.document(let tag, _)?, nil): self = .removed(tag)
        case (.element?, nil): self = .element(nil)
        case (.attribute?, nil): self = .attribute(nil)
        case (nil, nil): return nil
        }
    }

    /// The same without what makes it long, which RFC 5875 §4.7 allows; an attribute's value is needed.
    var withoutContent: Self {
        switch self {
        case .patched(let from, let to, _): .changed(from: from, to: to)
        case .element(_?): .largeElement
        default: self
        }
    }

    func element(of selector: String) -> XMLElement {
        var element = XMLElement(name, prefix: XCAPDiffDocument.prefix)
        let set = { (name: String, value: String) in element[attribute: XMLName(name)] = value }
        set("sel", selector)
        // RFC 5874 §3: `new-etag` alone says that a document exists, `previous-etag` alone that it doesn't any more, and
        // both without instructions between them that it is to be fetched.
        switch self {
        case .exists(let tag): set("new-etag", tag)
        case .changed(let old, let new), .patched(let old, let new, _):
            set("previous-etag", old)
            set("new-etag", new)
        case .removed(let tag): set("previous-etag", tag)
        case .element(nil), .attribute(nil): set("exists", "0")
        case .element, .largeElement, .attribute: break
        }
        switch self {
        case .patched(_, _, let patch):
            // RFC 5874 §3: where the tag alone is new, that is said.
            let unchanged = XMLElement(XCAPDiffDocument.bodyNotChanged, prefix: XCAPDiffDocument.prefix)
            element.children = (patch.operations.isEmpty ? [unchanged] : patch.operations).map { .element($0) }
            element.declarations = patch.operations.isEmpty ? [] : patch.declarations
        case .element(let content?): element.append(content)
        case .attribute(let value?) where !value.isEmpty: element.append(text: value)
        default: break
        }
        return element
    }

    private var name: XMLName {
        switch self {
        case .exists, .changed, .patched, .removed: XCAPDiffDocument.document
        case .element, .largeElement: XCAPDiffDocument.element
        case .attribute: XCAPDiffDocument.attribute
        }
    }
}
