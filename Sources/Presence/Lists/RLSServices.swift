import XMLTree

/// Documents that define services of a resource list server (RFC 4826 §4).
package enum RLSServices {
    /// RFC 4826 §4.1.
    package static let namespace = "urn:ietf:params:xml:ns:rls-services"
    /// RFC 4826 §4.4.2.
    package static let contentType = "application/rls-services+xml"
    /// How many services a document may define.
    package static let maximumServices = 64
    /// How many packages a service may name.
    package static let maximumPackages = 32

    private static let root = XMLName("rls-services", in: namespace)
    private static let service = XMLName("service", in: namespace)
    private static let list = XMLName("list", in: namespace)
    private static let resourceList = XMLName("resource-list", in: namespace)
    private static let packages = XMLName("packages", in: namespace)
    private static let package = XMLName("package", in: namespace)

    /// Reads a document from outside.
    package static func parse(_ bytes: some Collection<UInt8>) throws(ResourceListsError) -> [RLSService] {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes).root
        } catch {
            throw .notXML(error)
        }
        guard root.name == Self.root else { throw .wrongRoot }
        let elements = root.all(service)
        guard elements.count <= maximumServices else { throw .tooLarge }
        var services: [RLSService] = []
        var room = ResourceList.maximumEntries
        for element in elements { services.append(try RLSService(element, room: &room)) }
        return services
    }

    /// What the service's list is: the one in it, or a reference.
    fileprivate static func source(
        of element: XMLElement, room: inout Int
    ) throws(ResourceListsError) -> RLSService.Source {
        if let inner = element.first(list) { return .list(try ResourceList(inner, depth: 1, room: &room)) }
        // There is no white space in a URI; what clients fold it with means nothing.
        let uri = (element.first(resourceList)?.text ?? "").split(whereSeparator: \.isWhitespace).joined()
        guard !uri.isEmpty else { throw .missing("a list") }
        return .reference(uri)
    }

    /// RFC 4826 §4.1: without `<packages>` a service is for every package.
    fileprivate static func packages(of element: XMLElement) throws(ResourceListsError) -> Set<String>? {
        guard let named = element.first(packages)?.all(package) else { return nil }
        guard named.count <= maximumPackages else { throw .tooLarge }
        return Set(named.map(\.text.trimmed))
    }
}

extension RLSService {
    fileprivate init(_ element: XMLElement, room: inout Int) throws(ResourceListsError) {
        guard let uri = element[attribute: ResourceLists.uri]?.trimmed, !uri.isEmpty else {
            throw .missing("uri of service")
        }
        self.init(
            uri: uri, source: try RLSServices.source(of: element, room: &room),
            packages: try RLSServices.packages(of: element))
    }
}
