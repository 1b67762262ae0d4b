import XMLTree

extension XCAPServer {
    /// The type of a body that is an element (RFC 4825 §15.2.1).
    package static let elementType = "application/xcap-el+xml"
    /// The type of a body that is the value of an attribute, in quotes (RFC 4825 §15.2.2).
    package static let attributeType = "application/xcap-att+xml"
    /// The type of a body that tells namespace bindings (RFC 4825 §15.2.3).
    package static let namespacesType = "application/xcap-ns+xml"

    /// GET and HEAD (RFC 4825 §8.3).
    func fetch(
        _ request: XCAPRequest, _ target: RequestTarget, _ present: StoredDocument?
    ) throws(XCAPFailure) -> XCAPOutcome {
        guard let present else { throw .notFound }
        let (type, body) = try representation(of: target, present)
        try checkConditions(of: request, present)
        let response = XCAPResponse(status: 200, entityTag: present.tag, contentType: type, body: body)
        return XCAPOutcome(response: response, basis: present.tag)
    }

    /// A node is handed out as it stands in the document: no namespace that an ancestor declares is added (§8.3).
    private func representation(
        of target: RequestTarget, _ present: StoredDocument
    ) throws(XCAPFailure) -> (type: String, body: [UInt8]) {
        guard let node = target.node else { return (target.usage.mimeType, present.bytes) }
        let markup = try markup(of: present)
        guard let elements = node.elements(in: markup), let element = elements.last else { throw .notFound }
        switch node.terminal {
        case nil: return (Self.elementType, Array(markup.bytes[element.range]))
        case .attribute:
            guard let attribute = node.attribute(in: markup) else { throw .notFound }
            return (Self.attributeType, Array(markup.bytes[attribute.literal]))
        case .namespaces: return (Self.namespacesType, Self.bindings(of: elements))
        }
    }

    /// An element of the same name and prefix that declares what is in scope for it (RFC 4825 §10): the default namespace
    /// first, then the prefixes.
    private static func bindings(of elements: [ElementMarkup]) -> [UInt8] {
        guard let element = elements.last else { return [] }
        var declarations = DocumentMarkup.declarationsInScope(of: elements)
        declarations.sort { $0.prefix < $1.prefix }
        var writer = XMLWriter()
        writer.write(XMLElement(element.name, prefix: element.prefix, declarations: declarations))
        return writer.bytes
    }

    /// What is stored was checked before it was, so that this fails only where the store is broken.
    func markup(of document: StoredDocument) throws(XCAPFailure) -> DocumentMarkup {
        do {
            return try DocumentMarkup(document.bytes)
        } catch { throw .unreadableDocument }
    }
}
