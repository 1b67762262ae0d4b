/// An attribute of an element. Namespace declarations are not attributes: see ``XMLDeclaration``.
package struct XMLAttribute: Hashable, Sendable {
    package var name: XMLName
    /// The prefix it was written with, kept so that a document comes out as it went in; empty for none.
    package var prefix: String
    package var value: String

    package init(_ name: XMLName, prefix: String = "", value: String) {
        self.name = name
        self.prefix = prefix
        self.value = value
    }
}
