/// The expanded name of an element or attribute (Namespaces in XML 1.0 §2.1): what makes two names the same.
package struct XMLName: Hashable, Sendable, CustomStringConvertible {
    /// The namespace name; empty when there is none.
    package var namespace: String
    /// The name without a prefix.
    package var local: String

    package init(_ local: String, in namespace: String = "") {
        self.local = local
        self.namespace = namespace
    }

    /// `xml:lang`, `xml:space` and their like live here; the prefix `xml` is bound without a declaration.
    package static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    package var description: String { namespace.isEmpty ? local : "{\(namespace)}\(local)" }
}
