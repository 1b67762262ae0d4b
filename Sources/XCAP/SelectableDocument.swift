import XMLTree

/// A document taken apart, so that node selectors lead to its elements.
package struct SelectableDocument: Sendable {
    private let markup: DocumentMarkup
    private let tree: XMLDocument

    /// - Returns: nil for what is no XML, or exceeds the limits.
    package init?(_ bytes: [UInt8], limits: XCAPLimits = .standard) {
        guard let markup = try? DocumentMarkup(bytes),
            let tree = try? XMLDocument(parsing: bytes, limits: limits.document)
        else { return nil }
        self.markup = markup
        self.tree = tree
    }

    /// The element that the selector is for; nil when that is not exactly one.
    func element(at selector: NodeSelector) -> XMLElement? {
        selector.terminal == nil ? elements(to: selector)?.last : nil
    }

    /// The element or attribute that the selector is for; nil when that is not exactly one.
    func component(at selector: NodeSelector) -> SelectedComponent? {
        guard let elements = elements(to: selector), let element = elements.last else { return nil }
        switch selector.terminal {
        case nil: return .element(element.detached(from: elements.dropLast()))
        case .attribute(let name): return element[attribute: name].map { .attribute($0) }
        case .namespaces: return nil
        }
    }

    /// The element of the selector's last step, and those around it, the root first.
    private func elements(to selector: NodeSelector) -> [XMLElement]? {
        guard case .element(let places) = selector.selection(in: markup, steps: selector.steps.count) else {
            return nil
        }
        // The first place is that of the root element among none.
        return places.dropFirst().reduce(into: [tree.root]) { elements, place in
            elements.append(elements[elements.count - 1].elements[place])
        }
    }
}
