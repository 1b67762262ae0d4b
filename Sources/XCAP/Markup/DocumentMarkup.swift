import XMLTree

/// A document as bytes, with the places of its elements: what requests for nodes are answered from.
struct DocumentMarkup: Hashable, Sendable {
    let bytes: [UInt8]
    let root: ElementMarkup

    /// - Parameter bytes: a document that was, or is to be, found well-formed.
    init(_ bytes: [UInt8]) throws(MarkupError) {
        root = try MarkupScanner.root(of: bytes)
        self.bytes = bytes
    }

    /// The element that `path` leads to, and its ancestors before it: the root first.
    ///
    /// - Parameter path: for each element its place among the child elements of its parent, beginning with 0 for the root.
    func elements(along path: [Int]) -> [ElementMarkup] {
        var elements: [ElementMarkup] = []
        for place in path {
            let siblings = elements.last?.elements ?? [root]
            guard siblings.indices.contains(place) else { break }
            elements.append(siblings[place])
        }
        return elements
    }

    /// The namespace declarations in scope for the last of `elements`, one for each prefix; a default namespace that was
    /// undone is none.
    static func declarationsInScope(of elements: [ElementMarkup]) -> [XMLDeclaration] {
        var seen: Set<String> = []
        var found: [XMLDeclaration] = []
        for element in elements.reversed() {
            for declaration in element.declarations where seen.insert(declaration.prefix).inserted {
                if !declaration.namespace.isEmpty { found.append(declaration) }
            }
        }
        return found
    }

    /// The document with `range` replaced, not yet known to be well-formed.
    func replacing(_ range: Range<Int>, with replacement: [UInt8]) -> [UInt8] {
        var edited = bytes
        edited.replaceSubrange(range, with: replacement)
        return edited
    }
}
