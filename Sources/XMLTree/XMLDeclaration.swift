/// A namespace declaration made on an element: `xmlns="…"` or `xmlns:prefix="…"`.
package struct XMLDeclaration: Hashable, Sendable {
    /// Empty for the default namespace.
    package var prefix: String
    /// Empty when the default namespace is undone (Namespaces in XML 1.0 §6.2).
    package var namespace: String

    package init(prefix: String = "", namespace: String) {
        self.prefix = prefix
        self.namespace = namespace
    }
}
