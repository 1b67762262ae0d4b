/// Fits new content into the namespaces of the document that it goes into (RFC 5261 §4.2.3).
struct NamespaceMangling {
    /// Where the content goes.
    private let target: NamespaceScope
    /// The prefix of the element that the content becomes a child of, or is an attribute of.
    private let contextPrefix: String
    /// The prefixes of namespaces that were asked for; a long content asks for few, over and over.
    private var known: [String: [String]] = [:]

    /// - Parameter ancestors: the element that the content goes into and those around it, the root first; none where the
    ///   root itself is replaced.
    init(into ancestors: [XMLElement]) {
        target = NamespaceScope(in: ancestors)
        contextPrefix = ancestors.last?.prefix ?? ""
    }

    mutating func adopted(_ nodes: [XMLNode]) throws(XMLPatchError) -> [XMLNode] {
        var adopted: [XMLNode] = []
        for node in nodes {
            if case .element(let element) = node {
                adopted.append(.element(try self.adopted(element, declared: [])))
            } else {
                adopted.append(node)
            }
        }
        return adopted
    }

    /// - Parameter outer: the prefixes that the content declares around the element. Such declarations go along unaltered,
    ///   and so do the names that rely on them.
    private mutating func adopted(_ element: XMLElement, declared outer: Set<String>) throws(XMLPatchError)
        -> XMLElement
    {
        var copy = element
        let declared = outer.union(element.declarations.map(\.prefix))
        if !declared.contains(element.prefix) {
            copy.prefix = try prefix(for: element.name, written: element.prefix)
        }
        for index in copy.attributes.indices {
            let attribute = copy.attributes[index]
            if attribute.prefix.isEmpty || declared.contains(attribute.prefix) { continue }
            copy.attributes[index].prefix = try prefix(
                for: attribute.name, written: attribute.prefix, isAttribute: true)
        }
        for index in copy.children.indices {
            guard case .element(let child) = copy.children[index] else { continue }
            copy.children[index] = .element(try adopted(child, declared: declared))
        }
        return copy
    }

    /// The prefix that a name gets in the patched document.
    mutating func prefix(for name: XMLName, written: String, isAttribute: Bool = false) throws(XMLPatchError) -> String
    {
        if name.namespace.isEmpty { return "" }
        if name.namespace == XMLName.xmlNamespace { return "xml" }
        // An attribute without a prefix is in no namespace, so the default one is not for attributes.
        let all = known[name.namespace] ?? target.prefixes(of: name.namespace)
        known[name.namespace] = all
        let known = all.filter { !isAttribute || !$0.isEmpty }
        guard let first = known.first else {
            throw XMLPatchError(.invalidNamespaceURI, "\(name.namespace) is not declared where the content goes")
        }
        // RFC 5261 §4.2.3, where there are several: the same prefix; that of the context node; the closest one before it
        // in the alphabet, or else the first.
        if known.contains(written) { return written }
        if known.contains(contextPrefix) { return contextPrefix }
        return known.last { $0.utf8.lexicographicallyPrecedes(written.utf8) } ?? first
    }
}
