import Primitives
import XMLTree

/// Where in a user's resource lists a reference leads (RFC 4826 §3.1 and §3.4.1).
///
/// All gateways serve the same documents, each below a root of its own, and one that serves no XCAP reads them too. So it
/// does not count which root a reference names.
package struct ListLocation: Sendable {
    /// The document that the list or entry is in.
    package let document: DocumentSelector
    private let node: NodeSelector

    private static let usage = ResourceListsUsage()

    /// - Parameter uri: an absolute one of HTTP, as in `external` and `resource-list`.
    /// - Returns: nil when it leads to no element of a user's resource lists.
    package init?(uri: String, limits: XCAPLimits = .standard) {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let path = XCAPRoot.path(in: String(first), from: Self.usage.auid) else {
            return nil
        }
        self.init(path: path, query: parts.count > 1 ? String(parts[1]) : nil, limits)
    }

    /// - Parameter path: relative to the root, as in `entry-ref`.
    /// - Returns: nil likewise.
    package init?(path: String, limits: XCAPLimits = .standard) {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        self.init(path: String(first), query: parts.count > 1 ? String(parts[1]) : nil, limits)
    }

    private init?(path: String, query: String?, _ limits: XCAPLimits) {
        guard let request = try? RequestURI(path: path, query: query, limits: limits),
            request.document.auid == Self.usage.auid, request.document.owner != nil, let encoded = request.node,
            let bindings = try? NamespaceBindings(defaultNamespace: Self.usage.defaultNamespace, query: query),
            let node = try? NodeSelector(encoded, bindings: bindings, depth: limits.document.depth)
        else { return nil }
        document = request.document
        self.node = node
    }

    /// The element there; nil when there is none, or more than one.
    package func element(in document: SelectableDocument) -> XMLElement? { document.element(at: node) }

    /// Who is in the list there (RFC 4826 §3.2), lists within it included.
    ///
    /// - Returns: nil when nobody can tell: there is no list, or it refers to entries elsewhere, which are not followed.
    package func members(in document: SelectableDocument) -> Set<AddressOfRecord>? {
        guard let element = element(in: document),
            element.name == XMLName("list", in: Self.usage.defaultNamespace)
        else { return nil }
        var members: Set<AddressOfRecord> = []
        return Self.gather(element, into: &members) ? members : nil
    }

    /// - Returns: false when the list refers to entries elsewhere.
    private static func gather(_ list: XMLElement, into members: inout Set<AddressOfRecord>) -> Bool {
        for element in list.elements where element.name.namespace == list.name.namespace {
            switch element.name.local {
            case "entry":
                // What is no user of SIP can't watch anybody.
                if let user = element[attribute: XMLName("uri")].flatMap({ AddressOfRecord($0) }) {
                    members.insert(user)
                }
            case "list": guard gather(element, into: &members) else { return false }
            case "external", "entry-ref": return false
            default: break
            }
        }
        return true
    }
}
