/// An element with all that is in it: a plain value, so that copying, moving and comparing are Swift's own.
package struct XMLElement: Hashable, Sendable {
    package var name: XMLName
    /// The prefix it was written with; empty for none. Serialization keeps it where it can.
    package var prefix: String
    /// The namespaces declared here, in the order written.
    package var declarations: [XMLDeclaration]
    /// In the order written.
    package var attributes: [XMLAttribute]
    package var children: [XMLNode]

    package init(
        _ name: XMLName, prefix: String = "", declarations: [XMLDeclaration] = [], attributes: [XMLAttribute] = [],
        children: [XMLNode] = []
    ) {
        self.name = name
        self.prefix = prefix
        self.declarations = declarations
        self.attributes = attributes
        self.children = children
    }

    /// The child elements, in order.
    package var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The first child element of that name.
    package func first(_ name: XMLName) -> XMLElement? {
        for case .element(let element) in children where element.name == name { return element }
        return nil
    }

    /// The child elements of that name, in order.
    package func all(_ name: XMLName) -> [XMLElement] { elements.filter { $0.name == name } }

    /// The characters directly in this element, joined.
    package var text: String {
        var joined = ""
        for case .text(let text) in children { joined += text }
        return joined
    }

    /// The value of an attribute; setting nil removes it, setting a new one appends it.
    package subscript(attribute name: XMLName) -> String? {
        get { attributes.first { $0.name == name }?.value }
        set {
            let position = attributes.firstIndex { $0.name == name }
            switch (position, newValue) {
            case (let position?, let value?): attributes[position].value = value
            case (let position?, nil): attributes.remove(at: position)
            case (nil, let value?): attributes.append(XMLAttribute(name, value: value))
            case (nil, nil): break
            }
        }
    }

    package mutating func append(_ element: XMLElement) { children.append(.element(element)) }

    package mutating func append(text: String) { children.append(.text(text)) }

    /// Removes the child elements for which the predicate holds.
    package mutating func removeElements(where isUnwanted: (XMLElement) -> Bool) {
        children.removeAll { if case .element(let element) = $0 { isUnwanted(element) } else { false } }
    }

    /// This element as it can stand outside its parent: the namespaces in scope there that it makes use of are
    /// declared on it.
    ///
    /// Serialization declares what names need by itself. But a prefix can also stand in the text of an attribute
    /// or element (a QName such as an `xsi:type`), which nobody but the schema's reader can tell from other text;
    /// so every prefix that occurs in front of a colon is taken along.
    package func detached(from ancestors: [XMLElement]) -> XMLElement {
        var copy = self
        var declared = Set(declarations.map(\.prefix))
        for ancestor in ancestors.reversed() {
            for declaration in ancestor.declarations where declared.insert(declaration.prefix).inserted {
                guard !declaration.prefix.isEmpty, mentions("\(declaration.prefix):") else { continue }
                copy.declarations.append(declaration)
            }
        }
        return copy
    }

    private func mentions(_ prefix: String) -> Bool {
        if attributes.contains(where: { $0.value.contains(prefix) }) { return true }
        return children.contains { node in
            switch node {
            case .element(let element): element.mentions(prefix)
            case .text(let text): text.contains(prefix)
            case .comment, .instruction: false
            }
        }
    }
}
