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
        guard selector.terminal == nil,
            case .element(let places) = selector.selection(in: markup, steps: selector.steps.count)
        else { return nil }
        // The first place is that of the root element among none.
        var element = tree.root
        for place in places.dropFirst() { element = element.elements[place] }
        return element
    }
}
