import XMLTree

/// Resource list meta-information: what a notification says of a list and of the subscriptions behind it (RFC 4662 §5).
package struct RLMI: Hashable, Sendable {
    /// RFC 4662 §5.1.
    package static let namespace = "urn:ietf:params:xml:ns:rlmi"
    /// RFC 4662 §8.2.
    package static let contentType = "application/rlmi+xml"

    /// The URI that was subscribed to.
    package var uri: String
    /// 0 in the first notification, and one more in each after it (RFC 4662 §5.2).
    package var version: UInt32
    /// Whether every resource of the list is in it: what was known before counts no more.
    package var isFull: Bool
    package var names: [DisplayName]
    package var resources: [RLMIResource]

    package init(
        uri: String, version: UInt32, isFull: Bool, names: [DisplayName] = [], resources: [RLMIResource] = []
    ) {
        self.uri = uri
        self.version = version
        self.isFull = isFull
        self.names = names
        self.resources = resources
    }

    /// The document in UTF-8.
    package var document: [UInt8] {
        var root = XMLElement(Self.list)
        root[attribute: Self.uri] = uri
        root[attribute: Self.version] = "\(version)"
        root[attribute: Self.fullState] = isFull ? "true" : "false"
        for name in names { root.append(name.element(Self.name)) }
        for resource in resources { root.append(resource.element) }
        return XMLDocument(root: root).serialized
    }

    /// Reads a document from outside.
    /// - Returns: nil when it is not one, or when something in it lacks what RFC 4662 §5 demands.
    package init?(parsing bytes: some Collection<UInt8>) {
        guard let root = try? XMLDocument(parsing: bytes).root, root.name == Self.list,
            let uri = root[attribute: Self.uri],
            let version = root[attribute: Self.version].flatMap({ UInt32($0) })
        else { return nil }
        let isFull: Bool
        switch root[attribute: Self.fullState] {
        case "true", "1": isFull = true
        case "false", "0": isFull = false
        default: return nil
        }
        self.init(uri: uri, version: version, isFull: isFull, names: Self.names(in: root))
        for element in root.all(Self.resource) {
            guard let resource = RLMIResource(element) else { return nil }
            resources.append(resource)
        }
    }

    /// The names in a list or resource.
    static func names(in element: XMLElement) -> [DisplayName] {
        element.all(name).map { DisplayName($0.text, language: $0[attribute: ResourceLists.language]) }
    }
}

extension RLMI {
    static let list = XMLName("list", in: namespace)
    static let resource = XMLName("resource", in: namespace)
    static let instance = XMLName("instance", in: namespace)
    static let name = XMLName("name", in: namespace)
    static let uri = XMLName("uri")
    static let version = XMLName("version")
    static let fullState = XMLName("fullState")
    static let id = XMLName("id")
    static let state = XMLName("state")
    static let reason = XMLName("reason")
    static let cid = XMLName("cid")
}
