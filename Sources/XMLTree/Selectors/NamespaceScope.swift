/// Which namespaces the prefixes stand for at some place of a document (Namespaces in XML 1.0 §6).
package struct NamespaceScope: Hashable, Sendable {
    /// Innermost last.
    private var declarations: [XMLDeclaration] = []

    package init() {}

    /// - Parameter elements: those around the place, the outermost first.
    package init(in elements: [XMLElement]) {
        for element in elements { enter(element) }
    }

    package mutating func enter(_ element: XMLElement) { declarations += element.declarations }

    package mutating func bind(_ prefix: String, to namespace: String) {
        declarations.append(XMLDeclaration(prefix: prefix, namespace: namespace))
    }

    /// The namespace of a prefix; an empty one stands for the default namespace, which is none if nothing declares it.
    package func namespace(of prefix: String) -> String? {
        if prefix == "xml" { return XMLName.xmlNamespace }
        return declarations.last { $0.prefix == prefix }?.namespace ?? (prefix.isEmpty ? "" : nil)
    }

    /// The prefixes that stand for a namespace, in ascending order, the empty one first.
    func prefixes(of namespace: String) -> [String] {
        let bound = Set(declarations.lazy.filter { $0.namespace == namespace }.map(\.prefix))
        return bound.filter { self.namespace(of: $0) == namespace }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// A name as it is written here; nil when its prefix is not bound. The default namespace is not for attributes.
    package func expand(_ name: QualifiedName, isAttribute: Bool = false) -> XMLName? {
        if isAttribute, name.prefix.isEmpty { return XMLName(name.local) }
        return namespace(of: name.prefix).map { XMLName(name.local, in: $0) }
    }
}
