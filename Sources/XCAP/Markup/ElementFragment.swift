import XMLTree

/// The body of a PUT for an element: a fragment of XML with a single element (RFC 4825 §8.2.2).
struct ElementFragment {
    /// The element as the client wrote it.
    let bytes: [UInt8]

    /// - Parameters:
    ///   - body: may use the prefixes that are declared where the element goes, without declaring them again.
    ///   - scope: these declarations.
    init(_ body: [UInt8], scope: [XMLDeclaration], limits: XMLLimits) throws(XCAPFailure) {
        let text = Self.withoutTextDeclaration(body)
        guard String(validating: text, as: UTF8.self) != nil, !DocumentEncoding.isDeclaredOther(body) else {
            throw .conflict(ConflictReport(.notUTF8))
        }
        // A parser wants a document, so the fragment goes into an element that declares what is in scope. A body can't get
        // out of it: closing the wrapper early leaves its real end tag without a start.
        let start = Self.wrapper(scope)
        let document = start + text + Array("</wrapper>".utf8)
        let markup: DocumentMarkup?
        do {
            markup = try DocumentMarkup(document)
        } catch {
            if error == .tooLarge { throw .conflict(.tooManyNodes) }
            markup = nil
        }
        let parsed: XMLDocument
        do {
            parsed = try XMLDocument(
                parsing: document, limits: XMLLimits(size: document.count, depth: limits.depth + 1))
        } catch {
            throw .conflict(ConflictReport(.notXMLFragment, phrase: error.description))
        }
        guard parsed.root.elements.count == 1, Self.holdsNoText(parsed.root),
            let element = markup?.root.elements.first
        else { throw .conflict(ConflictReport(.notXMLFragment, phrase: "there is to be a single element")) }
        bytes = Array(document[element.range])
    }

    /// An external parsed entity, which a fragment is, may begin with a text declaration (XML 1.0 §4.3.1); it is no part of
    /// the element.
    private static func withoutTextDeclaration(_ body: [UInt8]) -> [UInt8] {
        guard let declaration = DocumentEncoding.declaration(of: body) else { return body }
        return Array(body[declaration.upperBound...])
    }

    private static func wrapper(_ scope: [XMLDeclaration]) -> [UInt8] {
        var tag = "<wrapper"
        for declaration in scope {
            tag += declaration.prefix.isEmpty ? " xmlns" : " xmlns:\(declaration.prefix)"
            tag += "=\"\(XMLWriter.escaped(declaration.namespace))\""
        }
        return Array("\(tag)>".utf8)
    }

    private static func holdsNoText(_ element: XMLElement) -> Bool {
        element.text.utf8.allSatisfy { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    }
}
