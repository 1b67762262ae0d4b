/// Changing a tree in place. A value is taken out of its parent while it is changed, so that nothing of it is copied.
extension XMLElement {
    /// Changes the element that the path leads to from this one.
    ///
    /// - Parameter path: for each step a place among the children, where there has to be an element.
    mutating func edit<Result>(
        at path: ArraySlice<Int>, _ change: (inout XMLElement) throws(XMLPatchError) -> Result
    ) throws(XMLPatchError) -> Result {
        guard let index = path.first else { return try change(&self) }
        guard children.indices.contains(index), case .element(var child) = children[index] else {
            throw XMLPatchError(.unlocatedNode, "no node was found")
        }
        children[index] = .text("")
        defer { children[index] = .element(child) }
        return try child.edit(at: path.dropFirst(), change)
    }

    /// Puts nodes in the place of others. XPath 1.0 §5.7: a text node never has another one beside it, so text at the
    /// borders becomes one node.
    mutating func replaceChildren(_ range: Range<Int>, with nodes: [XMLNode]) {
        children.replaceSubrange(range, with: nodes)
        joinText(at: range.lowerBound + nodes.count)
        joinText(at: range.lowerBound)
    }

    /// Makes one node of the child at `index` and the one before it if both are text.
    private mutating func joinText(at index: Int) {
        guard index > 0, index < children.count, case .text(let first) = children[index - 1],
            case .text(let second) = children[index]
        else { return }
        children[index - 1] = .text(first + second)
        children.remove(at: index)
    }

    /// How many elements are nested here, this one included.
    var depth: Int {
        1 + (children.lazy.map { if case .element(let element) = $0 { element.depth } else { 0 } }.max() ?? 0)
    }

    /// About how many bytes it takes to write this element, counted until there are more than `limit`.
    func weight(upTo limit: Int) -> Int {
        var total = 2 * (name.local.utf8.count + prefix.utf8.count) + 5
        for declaration in declarations {
            total += declaration.prefix.utf8.count + declaration.namespace.utf8.count + 10
        }
        for attribute in attributes {
            total += attribute.name.local.utf8.count + attribute.prefix.utf8.count + attribute.value.utf8.count + 5
        }
        for child in children where total <= limit {
            switch child {
            case .element(let element): total += element.weight(upTo: limit - total)
            case .text(let text): total += text.utf8.count
            case .comment(let text): total += text.utf8.count + 7
            case .instruction(let target, let text): total += target.utf8.count + text.utf8.count + 5
            }
        }
        return total
    }
}
