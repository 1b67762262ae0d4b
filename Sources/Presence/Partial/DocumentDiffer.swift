import XMLTree

/// Finds operations that make one document of another (RFC 5261).
///
/// What has an `id` is recognized by it, everything else by its name and order. Of two ways to say a change the shorter
/// one is taken, down to single attributes and texts. Selectors name no namespace: `*` and places do.
struct DocumentDiffer {
    private let vocabulary: PatchVocabulary
    /// The elements of the new document around the one that is compared, the root first.
    private let ancestors: [XMLElement]
    /// Selects that element.
    private let selector: String

    /// How deep changes are looked for; below that elements are replaced whole.
    private static let deepest = 8

    /// - Returns: nil when the change can't be told by operations; none when there is no change.
    static func operations(
        from old: XMLElement, to new: XMLElement, in vocabulary: PatchVocabulary
    ) -> [XMLElement]? {
        guard old.hasSameTag(as: new) else { return nil }
        return DocumentDiffer(vocabulary: vocabulary, ancestors: [new], selector: "*").changes(from: old, to: new)
    }

    /// - Returns: nil when the element is to be replaced whole.
    private func changes(from old: XMLElement, to new: XMLElement) -> [XMLElement]? {
        guard let attributes = attributeChanges(from: old, to: new) else { return nil }
        if old.children == new.children { return attributes }
        if old.children.isEmpty { return attributes + [addition(new.children)] }
        let isList = (old.children + new.children).allSatisfy { if case .element = $0 { true } else { false } }
        let children = isList ? listChanges(from: old, to: new) : pairedChanges(from: old, to: new)
        return children.map { attributes + $0 }
    }

    // MARK: Attributes

    /// New attributes come last, so only then is their order the one of the new element. A prefix is known to both
    /// sides only if it is `xml`.
    private func attributeChanges(from old: XMLElement, to new: XMLElement) -> [XMLElement]? {
        let kept = old.attributes.filter { new[attribute: $0.name] != nil }
        guard
            kept.elementsEqual(new.attributes.prefix(kept.count), by: { $0.name == $1.name && $0.prefix == $1.prefix })
        else { return nil }
        let removed = old.attributes.filter { new[attribute: $0.name] == nil }
        let changed = zip(kept, new.attributes).filter { $0.0.value != $0.1.value }.map(\.1)
        let added = new.attributes.dropFirst(kept.count)
        guard (removed + changed + added).allSatisfy({ ["", "xml"].contains($0.prefix) }) else { return nil }
        return removed.map { operation("remove", "\(selector)/@\($0.qualifiedName)") }
            + changed.map { operation("replace", "\(selector)/@\($0.qualifiedName)", text($0.value)) }
            + added.map { operation("add", selector, [("type", "@\($0.qualifiedName)")], text($0.value)) }
    }

    // MARK: Children

    /// Where there is text between elements, removing one would make one text node of two. So only what keeps its place
    /// is changed there.
    private func pairedChanges(from old: XMLElement, to new: XMLElement) -> [XMLElement]? {
        guard old.children.count == new.children.count else { return nil }
        var operations: [XMLElement] = []
        var counts = [0, 0, 0, 0]
        for (before, after) in zip(old.children, new.children) {
            guard before.kind == after.kind else { return nil }
            counts[before.kind] += 1
            if before == after { continue }
            let place = counts[before.kind]
            if case .element(let first) = before, case .element(let second) = after {
                operations += change(from: first, to: second, at: "\(selector)/*[\(place)]")
            } else {
                let test = ["*", "text()", "comment()", "processing-instruction()"][before.kind]
                let isOnly = old.children.count { $0.kind == before.kind } == 1
                operations.append(operation("replace", "\(selector)/\(test)\(isOnly ? "" : "[\(place)]")", [after]))
            }
        }
        return operations
    }

    /// Among elements only: first those go that are not there any more, then, from first to last, others are changed and
    /// new ones added. So at each operation all before its place is new already and all behind it old.
    private func listChanges(from old: XMLElement, to new: XMLElement) -> [XMLElement]? {
        let olds = old.elements
        let news = new.elements
        guard let partners = ElementAlignment.partners(of: news, among: olds) else { return nil }
        let names = ChildSelectors(old: olds, new: news)
        var operations: [XMLElement] = []
        let kept = Set(partners.compactMap { $0 })
        var left = 0
        for (index, element) in olds.enumerated() {
            if kept.contains(index) {
                left += 1
            } else {
                operations.append(operation("remove", "\(selector)/\(names.selector(of: element, at: left + 1))"))
            }
        }
        var place = 0
        while place < news.count {
            if let partner = partners[place] {
                operations += change(
                    from: olds[partner], to: news[place],
                    at: "\(selector)/\(names.selector(of: news[place], at: place + 1))")
                place += 1
                continue
            }
            let end = partners[place...].firstIndex { $0 != nil } ?? news.count
            let nodes = news[place..<end].map { XMLNode.element($0) }
            if end == news.count {
                operations.append(addition(nodes))
            } else if place == 0 {
                operations.append(addition(nodes, position: "prepend"))
            } else {
                // Until they are put in, the one behind them has their first place.
                let next = "\(selector)/\(names.selector(of: news[end], at: place + 1))"
                operations.append(operation("add", next, [("pos", "before")], nodes))
            }
            place = end
        }
        return operations
    }

    /// The shorter of changing an element and replacing it.
    private func change(from old: XMLElement, to new: XMLElement, at place: String) -> [XMLElement] {
        if old == new { return [] }
        let whole = [operation("replace", place, [.element(new)])]
        guard old.hasSameTag(as: new), ancestors.count < Self.deepest,
            let parts = DocumentDiffer(
                vocabulary: vocabulary, ancestors: ancestors + [new], selector: place
            ).changes(from: old, to: new),
            size(of: parts) < size(of: whole)
        else { return whole }
        return parts
    }

    // MARK: Operations

    private func addition(_ nodes: [XMLNode], position: String? = nil) -> XMLElement {
        operation("add", selector, position.map { [("pos", $0)] } ?? [], nodes)
    }

    private func operation(
        _ name: String, _ target: String, _ directives: [(name: String, value: String)] = [], _ content: [XMLNode] = []
    ) -> XMLElement {
        var element = XMLElement(XMLName(name, in: vocabulary.namespace), prefix: vocabulary.prefix)
        element[attribute: XMLName("sel")] = target
        for directive in directives { element[attribute: XMLName(directive.name)] = directive.value }
        element.children = content.map { node in
            guard case .element(let inner) = node else { return node }
            return .element(inner.detached(from: ancestors))
        }
        return element
    }

    private func operation(_ name: String, _ target: String, _ content: [XMLNode]) -> XMLElement {
        operation(name, target, [], content)
    }

    private func text(_ value: String) -> [XMLNode] { value.isEmpty ? [] : [.text(value)] }

    private func size(of operations: [XMLElement]) -> Int {
        var writer = XMLWriter(scope: vocabulary.scope)
        for operation in operations { writer.write(operation) }
        return writer.bytes.count
    }
}

extension XMLAttribute {
    fileprivate var qualifiedName: String { prefix.isEmpty ? name.local : "\(prefix):\(name.local)" }
}

extension XMLElement {
    /// Whether what differs can only be attributes and content.
    fileprivate func hasSameTag(as other: XMLElement) -> Bool {
        name == other.name && prefix == other.prefix && declarations == other.declarations
    }
}

extension XMLNode {
    /// A number for each type of node.
    fileprivate var kind: Int {
        switch self {
        case .element: 0
        case .text: 1
        case .comment: 2
        case .instruction: 3
        }
    }
}
