/// Which namespaces the prefixes stand for at some place of a document (Namespaces in XML 1.0 §6).
package struct NamespaceScope: Hashable, Sendable {
    private var namespaces: [String: String] = [:]

    package init() {}

    /// - Parameter elements: those around the place, the outermost first.
    package init(in elements: [XMLElement]) {
        for element in elements { enter(element) }
    }

    /// Goes into an element: what it declares takes the place of what was declared further out.
    package mutating func enter(_ element: XMLElement) {
        for declaration in element.declarations { bind(declaration.prefix, to: declaration.namespace) }
    }

    package mutating func bind(_ prefix: String, to namespace: String) { namespaces[prefix] = namespace }

    /// The namespace of a prefix; an empty one stands for the default namespace, which is none if nothing declares it.
    package func namespace(of prefix: String) -> String? {
        if prefix == "xml" { return XMLName.xmlNamespace }
        return namespaces[prefix] ?? (prefix.isEmpty ? "" : nil)
    }

    /// The prefixes that stand for a namespace, in ascending order, the empty one first.
    package func prefixes(of namespace: String) -> [String] {
        namespaces.filter { $0.value == namespace }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A name as it is written here; nil when its prefix is not bound. The default namespace is not for attributes.
    package func expand(_ name: QualifiedName, isAttribute: Bool = false) -> XMLName? {
        if isAttribute, name.prefix.isEmpty { return XMLName(name.local) }
        return namespace(of: name.prefix).map { XMLName(name.local, in: $0) }
    }
}
