import SIPMessages
import XMLTree

/// Documents that tell of changes to XCAP documents (RFC 5874).
package enum XCAPDiffDocument {
    /// RFC 5875 §4.2.
    package static let eventPackage = "xcap-diff"
    /// RFC 5874 §8.1.
    package static let documentType = MediaType("application", "xcap-diff+xml")
    /// RFC 5874 §3.
    static let namespace = "urn:ietf:params:xml:ns:xcap-diff"

    static let document = XMLName("document", in: namespace)

    /// A change with the document that it is one of.
    package struct Entry: Hashable, Sendable {
        /// The document as the subscriber named it; in a collection, its path below the XCAP root.
        package var selector: String
        package var change: XCAPDiffChange

        package init(_ selector: String, _ change: XCAPDiffChange) {
            self.selector = selector
            self.change = change
        }
    }

    /// A document in UTF-8.
    /// - Parameters:
    ///   - root: the XCAP root's URI.
    ///   - entries: in the order in which it happened (RFC 5875 §4.7).
    package static func body(root: String, _ entries: [Entry]) -> [UInt8] {
        var element = XMLElement(XMLName("xcap-diff", in: namespace))
        // Selectors are relative to it, so that it has to end in a slash (RFC 3986 §5.2.3).
        element[attribute: XMLName("xcap-root")] = root.hasSuffix("/") ? root : root + "/"
        element.children = entries.map { .element($0.change.element(of: $0.selector)) }
        return XMLDocument(root: element).serialized
    }
}
