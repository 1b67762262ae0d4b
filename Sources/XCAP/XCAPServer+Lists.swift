import Primitives
import XMLTree

extension XCAPServer {
    /// The element that a reference leads to, if it is in a user's resource lists (RFC 4826 §3.4.1).
    ///
    /// - Parameters:
    ///   - uri: an absolute one below the root, or a path relative to the root, as in `entry-ref` (RFC 4826 §3.1).
    ///   - document: the user's document at a place.
    /// - Returns: nil when it is the URI of something else or of somebody else's, or there is no such element.
    package func listElement(
        at uri: String, of user: AddressOfRecord, document: (DocumentSelector) -> SelectableDocument?
    ) -> XMLElement? {
        let usage = ResourceListsUsage()
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? String(parts[1]) : nil
        guard let first = parts.first else { return nil }
        let isAbsolute = XCAPRoot.isAbsolute(uri)
        guard let path = isAbsolute ? root.path(below: uri) : String(first),
            let request = try? RequestURI(path: path, query: query, limits: limits),
            request.document.auid == usage.auid, request.document.owner == user, let encoded = request.node,
            let bindings = try? NamespaceBindings(defaultNamespace: usage.defaultNamespace, query: query),
            let node = try? NodeSelector(encoded, bindings: bindings, depth: limits.document.depth)
        else { return nil }
        return document(request.document)?.element(at: node)
    }

    /// Who is in a resource list of a user's (RFC 4826 §3.2), lists within it included.
    ///
    /// - Parameters:
    ///   - uri: the list's, an absolute one below the root.
    ///   - document: the user's document at a place.
    /// - Returns: nil when nobody can tell: it is the URI of something else or of somebody else's list, there is no such
    ///   list, or the list refers to entries elsewhere, which are not followed.
    package func members(
        ofListAt uri: String, of user: AddressOfRecord, document: (DocumentSelector) -> [UInt8]?
    ) -> Set<AddressOfRecord>? {
        let namespace = ResourceListsUsage().defaultNamespace
        let element = listElement(at: uri, of: user) { selector in
            document(selector).flatMap { SelectableDocument($0, limits: limits) }
        }
        guard XCAPRoot.isAbsolute(uri), let element, element.name == XMLName("list", in: namespace) else { return nil }
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
