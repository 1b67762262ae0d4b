extension XMLPatchOperation {
    /// Changes the document at the node that the selector located.
    func apply(
        at target: XMLPatchTarget, to root: inout XMLElement, _ limits: XMLLimits, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) {
        switch directive {
        case .add(let position): try add(position, at: target, to: &root, limits)
        case .addAttribute(let name, let prefix): try addAttribute(name, prefix: prefix, at: target, to: &root)
        case .addNamespace(let prefix): try addNamespace(prefix, at: target, to: &root, limits, &budget)
        case .replace: try replace(target, in: &root, limits, &budget)
        case .remove(let before, let after):
            try remove(target, before: before, after: after, from: &root, limits, &budget)
        }
    }

    /// The elements along a path, the root first.
    private static func elements(along path: [Int], in root: XMLElement) -> [XMLElement] {
        var elements = [root]
        for index in path {
            guard case .element(let child) = elements[elements.count - 1].children[index] else { break }
            elements.append(child)
        }
        return elements
    }

    /// The content as it can stand in the element at `path`.
    private func adopted(
        into path: [Int], of root: XMLElement, _ limits: XMLLimits
    ) throws(XMLPatchError) -> [XMLNode] {
        let ancestors = Self.elements(along: path, in: root)
        for case .element(let element) in content where element.depth + ancestors.count > limits.depth {
            throw XMLPatchError(.invalidDiffFormat, "elements would be nested too deeply")
        }
        var mangling = NamespaceMangling(into: ancestors)
        return try mangling.adopted(content)
    }

    // MARK: <add> (RFC 5261 §4.3)

    private func add(
        _ position: Position?, at target: XMLPatchTarget, to root: inout XMLElement, _ limits: XMLLimits
    ) throws(XMLPatchError) {
        switch (position, target) {
        case (nil, _), (.prepend, _):
            let path = try Self.element(target, in: root)
            let nodes = try adopted(into: path, of: root, limits)
            try root.edit(at: path[...]) { element throws(XMLPatchError) in
                let place = position == nil ? element.children.count : 0
                element.replaceChildren(place..<place, with: nodes)
            }
        case (_, .root):
            // RFC 5261 §3: only comments and instructions can be put beside the root; this agent keeps none there.
            let isElement = content.contains { if case .element = $0 { true } else { false } }
            throw XMLPatchError(
                isElement ? .invalidRootElementOperation : .invalidXMLPrologOperation,
                "nothing can be put beside the root")
        case (_, .child(let parent, let index)):
            let nodes = try adopted(into: parent, of: root, limits)
            let place = position == .before ? index : index + 1
            try root.edit(at: parent[...]) { element throws(XMLPatchError) in
                element.replaceChildren(place..<place, with: nodes)
            }
        case (_, .attribute), (_, .namespace): throw Self.notAllowed
        }
    }

    /// The path of a target that has to be an element.
    private static func element(_ target: XMLPatchTarget, in root: XMLElement) throws(XMLPatchError) -> [Int] {
        switch target {
        case .root: return []
        case .child(let parent, let index):
            let path = parent + [index]
            guard elements(along: path, in: root).count == path.count + 1 else { throw notAllowed }
            return path
        case .attribute, .namespace: throw notAllowed
        }
    }

    private func addAttribute(
        _ name: XMLName, prefix: String, at target: XMLPatchTarget, to root: inout XMLElement
    ) throws(XMLPatchError) {
        let path = try Self.element(target, in: root)
        let value = try text()
        var mangling = NamespaceMangling(into: Self.elements(along: path, in: root))
        let prefix = try mangling.prefix(for: name, written: prefix, isAttribute: true)
        try root.edit(at: path[...]) { element throws(XMLPatchError) in
            guard element[attribute: name] == nil else {
                throw XMLPatchError(.invalidPatchDirective, "the element has the attribute")
            }
            element.attributes.append(XMLAttribute(name, prefix: prefix, value: value))
        }
    }

    private func addNamespace(
        _ prefix: String, at target: XMLPatchTarget, to root: inout XMLElement, _ limits: XMLLimits,
        _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) {
        let namespace = try Self.namespace(text())
        guard budget.spend(1 + root.weight(upTo: limits.size) / 16) else { throw XMLPatchSelector.tooCostly }
        try root.edit(at: try Self.element(target, in: root)[...]) { element throws(XMLPatchError) in
            // Names that rely on a declaration further out would come to mean something else.
            guard !element.declarations.contains(where: { $0.prefix == prefix }), !element.usesPrefix(prefix) else {
                throw XMLPatchError(.invalidNamespacePrefix, "the prefix is in use")
            }
            element.declarations.append(XMLDeclaration(prefix: prefix, namespace: namespace))
        }
    }

    /// A namespace that a prefix can stand for. Namespaces in XML 1.0 §3 and §6.1: not none, and not those of XML itself.
    private static func namespace(_ uri: String) throws(XMLPatchError) -> String {
        guard !uri.isEmpty, uri != XMLName.xmlNamespace, uri != "http://www.w3.org/2000/xmlns/" else {
            throw XMLPatchError(.invalidNamespaceURI, "a prefix can't stand for that namespace")
        }
        return uri
    }

    // MARK: <replace> (RFC 5261 §4.4)

    private func replace(
        _ target: XMLPatchTarget, in root: inout XMLElement, _ limits: XMLLimits, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) {
        switch target {
        case .root:
            guard content.count == 1, case .element(let element) = content[0] else { throw Self.otherType }
            guard element.depth <= limits.depth else {
                throw XMLPatchError(.invalidDiffFormat, "elements would be nested too deeply")
            }
            var mangling = NamespaceMangling(into: [])
            guard case .element(let adopted) = try mangling.adopted(content)[0] else { return }
            root = adopted
        case .child(let parent, let index):
            guard let old = Self.elements(along: parent, in: root).last?.children[index] else { return }
            var nodes = try adopted(into: parent, of: root, limits)
            switch old {
            // RFC 5261 §4.4.6: a text node has at least one character, so without content it goes.
            case .text: nodes = try text().isEmpty ? [] : nodes
            case .element, .comment, .instruction:
                guard nodes.count == 1, old.isOfType(of: nodes[0]) else { throw Self.otherType }
            }
            try root.edit(at: parent[...]) { element throws(XMLPatchError) in
                element.replaceChildren(index..<(index + 1), with: nodes)
            }
        case .attribute(let path, let index):
            let value = try text()
            try root.edit(at: path[...]) { element throws(XMLPatchError) in element.attributes[index].value = value }
        case .namespace(let path, let index):
            let namespace = try Self.namespace(text())
            guard budget.spend(1 + root.weight(upTo: limits.size) / 16) else { throw XMLPatchSelector.tooCostly }
            try root.edit(at: path[...]) { element throws(XMLPatchError) in
                let declaration = element.declarations[index]
                element.declarations[index].namespace = namespace
                guard element.moveNames(withPrefix: declaration.prefix, to: namespace) else {
                    throw XMLPatchError(.invalidNamespaceURI, "two attributes would have the same name")
                }
            }
        }
    }

    /// RFC 5261 §4.4: a node gives way to one of its own type.
    private static var otherType: XMLPatchError {
        XMLPatchError(.invalidNodeTypes, "the content has to be one node of the type that is replaced")
    }

    // MARK: <remove> (RFC 5261 §4.5)

    private func remove(
        _ target: XMLPatchTarget, before: Bool, after: Bool, from root: inout XMLElement, _ limits: XMLLimits,
        _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) {
        switch target {
        case .root: throw XMLPatchError(.invalidRootElementOperation, "the root can't be removed")
        case .child(let parent, let index):
            try root.edit(at: parent[...]) { element throws(XMLPatchError) in
                // RFC 5261 §4.5: text has no white space of its own beside it.
                guard !element.children[index].isText || !(before || after) else { throw Self.notAllowed }
                var range = index..<(index + 1)
                for (isWanted, place) in [(before, index - 1), (after, index + 1)] where isWanted {
                    guard element.children.indices.contains(place), element.children[place].isWhiteSpace else {
                        throw XMLPatchError(.invalidWhitespaceDirective, "there is no white space beside the node")
                    }
                    range = min(range.lowerBound, place)..<max(range.upperBound, place + 1)
                }
                element.replaceChildren(range, with: [])
            }
        case .attribute(let path, let index):
            guard !before, !after else { throw Self.notAllowed }
            try root.edit(at: path[...]) { element throws(XMLPatchError) in _ = element.attributes.remove(at: index) }
        case .namespace(let path, let index):
            guard !before, !after else { throw Self.notAllowed }
            guard budget.spend(1 + root.weight(upTo: limits.size) / 16) else { throw XMLPatchSelector.tooCostly }
            try root.edit(at: path[...]) { element throws(XMLPatchError) in
                // RFC 5261 §4.5.3: no name may rely on it any more.
                guard !element.usesPrefix(element.declarations[index].prefix) else {
                    throw XMLPatchError(.invalidNamespacePrefix, "the prefix is in use")
                }
                element.declarations.remove(at: index)
            }
        }
    }
}

extension XMLNode {
    fileprivate func isOfType(of other: XMLNode) -> Bool {
        switch (self, other) {
        case (.element, .element), (.comment, .comment), (.instruction, .instruction), (.text, .text): true
        default: false
        }
    }
}

extension XMLElement {
    /// Puts all names with that prefix into a namespace, as far down as the prefix is not declared again: what changing
    /// the declaration means to whoever reads the document.
    ///
    /// - Returns: false if an element would have two attributes of the same name, which no document may have.
    fileprivate mutating func moveNames(withPrefix prefix: String, to namespace: String) -> Bool {
        if self.prefix == prefix { name.namespace = namespace }
        for index in attributes.indices where attributes[index].prefix == prefix {
            attributes[index].name.namespace = namespace
        }
        guard Set(attributes.map(\.name)).count == attributes.count else { return false }
        for index in children.indices {
            guard case .element(var child) = children[index],
                !child.declarations.contains(where: { $0.prefix == prefix })
            else { continue }
            guard child.moveNames(withPrefix: prefix, to: namespace) else { return false }
            children[index] = .element(child)
        }
        return true
    }

    /// Whether a name here or below has the prefix, as far down as the prefix is not declared again.
    fileprivate func usesPrefix(_ prefix: String) -> Bool {
        if self.prefix == prefix || attributes.contains(where: { $0.prefix == prefix }) { return true }
        return elements.contains { child in
            !child.declarations.contains { $0.prefix == prefix } && child.usesPrefix(prefix)
        }
    }
}
