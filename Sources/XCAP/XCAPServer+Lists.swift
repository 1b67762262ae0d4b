import Primitives
import XMLTree

extension XCAPServer {
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
        let usage = ResourceListsUsage()
        let query = uri.firstIndex(of: "?").map { String(uri[uri.index(after: $0)...]) }
        guard let path = root.path(below: uri), let request = try? RequestURI(path: path, query: query, limits: limits),
            request.document.auid == usage.auid, request.document.owner == user, let encoded = request.node,
            let bytes = document(request.document),
            let bindings = try? NamespaceBindings(defaultNamespace: usage.defaultNamespace, query: query),
            let node = try? NodeSelector(encoded, bindings: bindings, depth: limits.document.depth),
            let markup = try? DocumentMarkup(bytes), node.terminal == nil,
            case .element(let places) = node.selection(in: markup, steps: node.steps.count),
            let tree = try? XMLDocument(parsing: bytes, limits: limits.document)
        else { return nil }
        // The first place is that of the root element among none.
        var element = tree.root
        for place in places.dropFirst() { element = element.elements[place] }
        guard element.name == XMLName("list", in: usage.defaultNamespace) else { return nil }
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
