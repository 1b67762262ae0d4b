extension XCAPServer {
    /// PUT (RFC 4825 §8.2): find the parent, look at the request, put its content in, and see whether the document is still
    /// what it must be.
    func place(
        _ request: XCAPRequest, _ target: RequestTarget, _ present: StoredDocument?, _ context: ValidationContext
    ) throws(XCAPFailure) -> XCAPOutcome {
        // No document has the name of a directory (RFC 4825 §6.2).
        guard target.usage.hasPlace(for: target.document),
            !target.usage.directories.contains(target.document.path)
        else {
            throw .conflict(ConflictReport(.constraintFailure, phrase: "no document of this name has a place here"))
        }
        let isCreation: Bool
        let bytes: [UInt8]
        if let node = target.node {
            guard let present else {
                throw .conflict(ConflictReport(.noParent(ancestor: ancestor(of: target))))
            }
            let markup = try markup(of: present)
            if case .attribute(let name) = node.terminal {
                let attribute = AttributeTarget(node: node, name: name)
                (bytes, isCreation) = try place(request, target, attribute, in: markup, present)
            } else {
                (bytes, isCreation) = try place(request, target, node, in: markup, present)
            }
        } else {
            guard ([[]] + target.usage.directories).contains(target.document.directories) else {
                throw .conflict(ConflictReport(.noParent(ancestor: ancestor(of: target))))
            }
            try checkContent(of: request, target.usage.mimeType, present)
            (bytes, isCreation) = (request.body, present == nil)
        }
        try validate(bytes, target.usage, context, sent: target.node == nil)
        return outcome(bytes, present, status: isCreation ? 201 : 200)
    }

    /// What holds for every PUT once its place is found. The conditions come last of what can be told from the header, so
    /// that they are not the answer to a request that could never succeed (RFC 9110 §13.2.1), and before the content is
    /// looked at: who works on an old copy is to learn just that.
    private func checkContent(
        of request: XCAPRequest, _ type: String, _ present: StoredDocument?
    ) throws(XCAPFailure) {
        guard request.isOfType(type) else { throw .unsupportedMediaType }
        guard request.body.count <= limits.document.size else { throw .contentTooLarge }
        try checkConditions(of: request, present)
    }

    /// Puts an element in; the request URI has to select just what was put there, or a GET would not give it back
    /// (RFC 4825 §8.2.3 and §8.2.4).
    private func place(
        _ request: XCAPRequest, _ target: RequestTarget, _ node: NodeSelector, in markup: DocumentMarkup,
        _ present: StoredDocument
    ) throws(XCAPFailure) -> (bytes: [UInt8], isCreation: Bool) {
        guard let step = node.steps.last,
            case .element(let path) = node.selection(in: markup, steps: node.steps.count - 1)
        else { throw .conflict(noParent(target, node, in: markup)) }
        try checkContent(of: request, Self.elementType, present)
        let ancestors = markup.elements(along: path)
        let siblings = ancestors.last?.elements ?? [markup.root]
        let fragment = try ElementFragment(
            request.body, scope: DocumentMarkup.declarationsInScope(of: ancestors), limits: limits.document)

        let selected = step.selected(among: siblings)
        guard selected.count <= 1 else { throw .conflict(Self.cannotInsert("the URI selects several elements")) }
        let bytes: [UInt8]
        let start: Int
        if let place = selected.first {
            start = siblings[place].range.lowerBound
            bytes = markup.replacing(siblings[place].range, with: fragment.bytes)
        } else {
            // A document has one root element and so no place for a second one.
            guard let parent = ancestors.last, let point = node.insertionPoint(among: siblings) else {
                throw .conflict(Self.cannotInsert("there is no such position"))
            }
            (bytes, start) = markup.inserting(fragment.bytes, at: point, in: parent)
        }
        guard let found = node.elements(in: try Self.markup(ofEdited: bytes))?.last,
            found.range == start..<start + fragment.bytes.count
        else { throw .conflict(Self.cannotInsert("the URI would not select the element")) }
        return (bytes, selected.isEmpty)
    }

    /// Sets an attribute, under the same condition (RFC 4825 §8.2.3 and §8.2.4).
    private func place(
        _ request: XCAPRequest, _ target: RequestTarget, _ attribute: AttributeTarget, in markup: DocumentMarkup,
        _ present: StoredDocument
    ) throws(XCAPFailure) -> (bytes: [UInt8], isCreation: Bool) {
        let node = attribute.node
        guard let elements = node.elements(in: markup), let element = elements.last else {
            throw .conflict(noParent(target, node, in: markup))
        }
        try checkContent(of: request, Self.attributeType, present)
        let literal = try AttributeBody.literal(request.body)
        let existing = node.attribute(in: markup)
        let bytes: [UInt8]
        let start: Int
        if let existing {
            start = existing.literal.lowerBound
            bytes = markup.replacing(existing.literal, with: literal)
        } else {
            guard let name = attribute.qualifiedName(in: elements) else {
                throw .conflict(Self.cannotInsert("no prefix for the namespace is in scope"))
            }
            let inserted = Array(" \(name)=".utf8)
            start = element.attributesEnd + inserted.count
            bytes = markup.replacing(element.attributesEnd..<element.attributesEnd, with: inserted + literal)
        }
        guard node.attribute(in: try Self.markup(ofEdited: bytes))?.literal == start..<start + literal.count
        else { throw .conflict(Self.cannotInsert("the URI would not select the attribute")) }
        return (bytes, existing == nil)
    }

    private static func cannotInsert(_ phrase: String) -> ConflictReport {
        ConflictReport(.cannotInsert, phrase: phrase)
    }

    /// The closest parent that there is: the home directory where the document is missing.
    private func ancestor(of target: RequestTarget) -> String { "\(root.uri)/\(target.document.homeDirectory)" }

    /// Names the last element on the way that exists, or the document where not even its root does (RFC 4825 §11.1).
    private func noParent(_ target: RequestTarget, _ node: NodeSelector, in markup: DocumentMarkup) -> ConflictReport {
        var uri = "\(root.uri)/\(target.document)"
        let count = node.stepsThatSelect(in: markup)
        if count > 0 {
            uri += "/~~/\(node.encoded(steps: count))"
            if let query = target.query { uri += "?\(query)" }
        }
        return ConflictReport(.noParent(ancestor: uri))
    }
}
