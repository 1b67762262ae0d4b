import SIPMessages
import XMLTree

/// Documents that tell of changes to XCAP documents (RFC 5874).
package enum XCAPDiffDocument {
    /// RFC 5874 §8.1.
    package static let documentType = MediaType("application", "xcap-diff+xml")
    /// RFC 5874 §3.
    static let namespace = "urn:ietf:params:xml:ns:xcap-diff"

    /// Elements of other namespaces stand in these documents as they stand elsewhere, mostly without a prefix; so these
    /// have one, as in RFC 5874 §5.
    static let prefix = "d"
    static let declaration = XMLDeclaration(prefix: prefix, namespace: namespace)

    static let document = XMLName("document", in: namespace)
    static let element = XMLName("element", in: namespace)
    static let attribute = XMLName("attribute", in: namespace)
    static let bodyNotChanged = XMLName("body-not-changed", in: namespace)

    /// A change with the resource that it is one of.
    package struct Entry: Hashable, Sendable {
        /// The resource as the subscriber named it; a document in a collection by its path below the XCAP root.
        package var selector: String
        package var change: XCAPDiffChange

        package init(_ selector: String, _ change: XCAPDiffChange) {
            self.selector = selector
            self.change = change
        }

        /// How many bytes it has, roughly, of what may be left out.
        var contentSize: Int {
            switch change {
            case .patched(_, _, let patch): patch.size
            case .element(let element?): XMLDocument(root: element).serialized.count
            default: 0
            }
        }
    }

    /// A document in UTF-8.
    /// - Parameters:
    ///   - root: the XCAP root's URI.
    ///   - entries: in the order in which it happened (RFC 5875 §4.7).
    package static func body(root: String, _ entries: [Entry]) -> [UInt8] {
        var element = XMLElement(
            XMLName("xcap-diff", in: namespace), prefix: prefix, declarations: [declaration])
        // Selectors are relative to it, so that it has to end in a slash (RFC 3986 §5.2.3).
        element[attribute: XMLName("xcap-root")] = root.hasSuffix("/") ? root : root + "/"
        element.children = entries.map { .element($0.change.element(of: $0.selector)) }
        return XMLDocument(root: element).serialized
    }
}
