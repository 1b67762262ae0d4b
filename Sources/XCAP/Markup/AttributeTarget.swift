import XMLTree

/// The attribute that a PUT sets.
struct AttributeTarget {
    /// Selects the element that it belongs to.
    let node: NodeSelector
    let name: XMLName

    /// The name that a new attribute gets in the document. The prefixes of a request URI are the client's own and mean
    /// nothing there, so one is taken that the document binds to the namespace.
    ///
    /// - Parameter elements: the element and its ancestors, the root first.
    /// - Returns: nil when there is none; XCAP has no way to declare one (RFC 4825 §7.10).
    func qualifiedName(in elements: [ElementMarkup]) -> String? {
        if name.namespace.isEmpty { return name.local }
        if name.namespace == XMLName.xmlNamespace { return "xml:\(name.local)" }
        let declaration = DocumentMarkup.declarationsInScope(of: elements).first {
            $0.namespace == name.namespace && !$0.prefix.isEmpty
        }
        return declaration.map { "\($0.prefix):\(name.local)" }
    }
}
