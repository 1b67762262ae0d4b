/// Writes elements as UTF-8, declaring whatever namespaces their names need and are not in scope.
package struct XMLWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// The declarations in scope, innermost last; an element's own are dropped when it ends.
    private var scope: [XMLDeclaration]

    /// - Parameter scope: what is already declared where the elements will stand.
    package init(scope: [XMLDeclaration] = []) { self.scope = scope }

    /// The XML declaration.
    package mutating func begin() { put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }

    package mutating func write(_ element: XMLElement) {
        let outer = scope.count
        var tag = StartTag()
        for declaration in element.declarations where canDeclare(declaration, on: element, tag) {
            declare(declaration, on: &tag)
        }
        let name = qualified(element.name, element.prefix, isAttribute: false, &tag)
        let attributes = element.attributes.map { attribute in
            (qualified(attribute.name, attribute.prefix, isAttribute: true, &tag), attribute.value)
        }
        put("<")
        put(name)
        for declaration in tag.declarations {
            put(declaration.prefix.isEmpty ? " xmlns" : " xmlns:\(declaration.prefix)")
            put("=\"")
            putEscaped(declaration.namespace, inAttribute: true)
            put("\"")
        }
        for (name, value) in attributes {
            put(" ")
            put(name)
            put("=\"")
            putEscaped(value, inAttribute: true)
            put("\"")
        }
        if element.children.isEmpty {
            put("/>")
        } else {
            put(">")
            for child in element.children { write(child) }
            put("</")
            put(name)
            put(">")
        }
        scope.removeSubrange(outer...)
    }

    private mutating func write(_ node: XMLNode) {
        switch node {
        case .element(let element): write(element)
        case .text(let text): putEscaped(text, inAttribute: false)
        case .comment(let text):
            put("<!--")
            put(text)
            put("-->")
        case .instruction(let target, let text):
            put("<?\(target)")
            if !text.isEmpty { put(" \(text)") }
            put("?>")
        }
    }

    /// The prefixes that a start tag has settled.
    private struct StartTag {
        var declarations: [XMLDeclaration] = []
        /// The prefixes that names of this tag were written with; they can't be given another meaning any more.
        var used: [String] = []

        func hasSettled(_ prefix: String) -> Bool {
            used.contains(prefix) || declarations.contains { $0.prefix == prefix }
        }
    }

    /// Whether a declaration is needed and allowed: `xml` and `xmlns` are bound for ever, a prefix can't be undone,
    /// and an element in no namespace can't have a default one.
    private func canDeclare(_ declaration: XMLDeclaration, on element: XMLElement, _ tag: StartTag) -> Bool {
        if namespace(of: declaration.prefix) == declaration.namespace || tag.hasSettled(declaration.prefix) {
            return false
        }
        if declaration.prefix.isEmpty { return declaration.namespace.isEmpty || !element.name.namespace.isEmpty }
        return !declaration.namespace.isEmpty && declaration.prefix != "xml" && declaration.prefix != "xmlns"
    }

    private mutating func declare(_ declaration: XMLDeclaration, on tag: inout StartTag) {
        scope.append(declaration)
        tag.declarations.append(declaration)
    }

    /// The name as it is to be written, its namespace declared if it was not.
    private mutating func qualified(
        _ name: XMLName, _ prefix: String, isAttribute: Bool, _ tag: inout StartTag
    ) -> String {
        if name.namespace == XMLName.xmlNamespace { return "xml:\(name.local)" }
        // An attribute without a prefix is in no namespace, whatever the default is (Namespaces in XML 1.0 §6.2).
        if isAttribute, name.namespace.isEmpty { return name.local }
        let chosen = prefixFor(name.namespace, preferring: name.namespace.isEmpty ? "" : prefix, isAttribute, tag)
        if namespace(of: chosen) != name.namespace {
            declare(XMLDeclaration(prefix: chosen, namespace: name.namespace), on: &tag)
        }
        tag.used.append(chosen)
        return chosen.isEmpty ? name.local : "\(chosen):\(name.local)"
    }

    /// The preferred prefix if it stands for the namespace or still can; else one in scope; else a new one.
    private func prefixFor(
        _ namespace: String, preferring preferred: String, _ isAttribute: Bool, _ tag: StartTag
    ) -> String {
        let isAllowed = { (prefix: String) in prefix != "xml" && prefix != "xmlns" && !(isAttribute && prefix.isEmpty) }
        if isAllowed(preferred), self.namespace(of: preferred) == namespace || !tag.hasSettled(preferred) {
            return preferred
        }
        let inScope = scope.last {
            $0.namespace == namespace && isAllowed($0.prefix) && self.namespace(of: $0.prefix) == namespace
        }
        if let inScope { return inScope.prefix }
        var number = 1
        while tag.hasSettled("ns\(number)") { number += 1 }
        return "ns\(number)"
    }

    /// What a prefix stands for here; an undeclared default namespace is none.
    private func namespace(of prefix: String) -> String? {
        scope.last { $0.prefix == prefix }?.namespace ?? (prefix.isEmpty ? "" : nil)
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Text as it can stand between double quotes in a start tag, or between tags.
    package static func escaped(_ text: String) -> String {
        var writer = XMLWriter()
        writer.putEscaped(text, inAttribute: true)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// What stands for markup and what a parser would change on reading (XML 1.0 §2.11 and §3.3.3) as references.
    private mutating func putEscaped(_ text: String, inAttribute: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): put("&amp;")
            case UInt8(ascii: "<"): put("&lt;")
            case UInt8(ascii: ">"): put("&gt;")
            case UInt8(ascii: "\r"): put("&#13;")
            case UInt8(ascii: "\"") where inAttribute: put("&quot;")
            case UInt8(ascii: "\t") where inAttribute: put("&#9;")
            case UInt8(ascii: "\n") where inAttribute: put("&#10;")
            // XML 1.0 §2.2 has no way to write these.
            case 0..<9, 11, 12, 14..<32: break
            default: bytes.append(byte)
            }
        }
    }
}
