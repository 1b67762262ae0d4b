import XMLTree

/// An element and where its parts stand in the bytes of its document.
struct ElementMarkup: Hashable, Sendable {
    let name: XMLName
    /// Empty for none.
    let prefix: String
    /// The name of the start tag as it is written, prefix included.
    let qualifiedName: Range<Int>
    /// The namespaces declared on this element.
    let declarations: [XMLDeclaration]
    let attributes: [AttributeMarkup]
    /// Where another attribute can be put: after the last one, or after the name.
    let attributesEnd: Int
    /// What lies between start tag and end tag; nil for an empty-element tag (`<a/>`).
    var content: Range<Int>?
    /// From the `<` of the start tag to past the `>` of the end tag.
    var range: Range<Int>
    /// The child elements, in document order.
    var elements: [ElementMarkup] = []
}
