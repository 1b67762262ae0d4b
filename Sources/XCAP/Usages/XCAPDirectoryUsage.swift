import Primitives
import XMLTree

/// Which documents a user has (OMA XML Document Management 1.1), so that a client finds them without asking for each.
package struct XCAPDirectoryUsage: ApplicationUsage {
    /// A document of the user's.
    package struct Entry: Hashable, Sendable {
        /// Where it is.
        package var selector: DocumentSelector
        /// As it is now.
        package var tag: EntityTag
        /// In bytes.
        package var size: Int

        package init(selector: DocumentSelector, tag: EntityTag, size: Int) {
            self.selector = selector
            self.tag = tag
            self.size = size
        }
    }

    package init() {}

    package var auid: String { "org.openmobilealliance.xcap-directory" }
    package var mimeType: String { "application/vnd.oma.xcap-directory+xml" }
    package var defaultNamespace: String { XCAPDirectorySchema.namespace }
    package var schema: XMLSchema { XCAPDirectorySchema.schema }

    /// Nothing but the list itself, which has a fixed name.
    package func hasPlace(for selector: DocumentSelector) -> Bool { computed(at: selector) != nil }

    /// `directory.xml` in each home directory.
    package func computed(at selector: DocumentSelector) -> ComputedDocument? {
        guard let owner = selector.owner, selector.path == ["directory.xml"] else { return nil }
        return .directory(of: owner)
    }

    /// The list as a document: one folder for each usage that the user has documents of.
    ///
    /// - Parameter entries: in any order; the document has them sorted.
    package static func document(entries: [Entry], root: XCAPRoot) -> XMLDocument {
        let namespace = XCAPDirectorySchema.namespace
        var directory = XMLElement(XMLName("xcap-directory", in: namespace))
        let folders = Dictionary(grouping: entries, by: \.selector.auid).sorted { $0.key < $1.key }
        for (auid, entries) in folders {
            var folder = XMLElement(XMLName("folder", in: namespace))
            folder[attribute: XMLName("auid")] = auid
            for entry in entries.sorted(by: { $0.selector.description < $1.selector.description }) {
                var element = XMLElement(XMLName("entry", in: namespace))
                element[attribute: XMLName("uri")] = "\(root.uri)/\(entry.selector)"
                element[attribute: XMLName("etag")] = entry.tag.opaque
                element[attribute: XMLName("size")] = "\(entry.size)"
                folder.append(element)
            }
            directory.append(folder)
        }
        return XMLDocument(root: directory)
    }
}
