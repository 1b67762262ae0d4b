import XMLTree

/// Something that a subscriber to XCAP changes selected, as it is now.
package struct XCAPResource: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// The entity tag, without the quotes of HTTP, and the bytes; nil where nobody works out what changed in them.
        case document(tag: String, bytes: [UInt8]?)
        /// An element as it can stand outside its document.
        case element(XMLElement)
        /// The value of an attribute.
        case attribute(String)
    }

    /// As the subscriber named it; for a document of a collection its path below the XCAP root (RFC 5875 §4.6).
    package var selector: String
    package var content: Content

    package init(_ selector: String, _ content: Content) {
        self.selector = selector
        self.content = content
    }
}

extension XCAPResource.Content {
    /// Whether nothing is to be told between the two. Equal tags mean equal bytes.
    static func isSame(_ first: Self?, _ second: Self?) -> Bool {
        if case .document(let tag, _)? = first, case .document(let other, _)? = second { return tag == other }
        return first == second
    }

    var isDocument: Bool {
        if case .document = self { true } else { false }
    }

    /// The same, with bytes only if they are wanted and not too many.
    func keepingBytes(upTo limit: Int) -> Self {
        guard case .document(let tag, let bytes?) = self, bytes.count > limit else { return self }
        return .document(tag: tag, bytes: nil)
    }
}
