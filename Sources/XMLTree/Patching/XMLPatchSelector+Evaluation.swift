extension XMLPatchSelector {
    /// An element with the way to it: for each of its ancestors but the root, and itself, the place among the children of
    /// its parent.
    fileprivate struct Located {
        var path: [Int]
        var element: XMLElement
    }

    /// The single node that is selected.
    ///
    /// RFC 5261 §4.1: it is an error if there is none, or more than one.
    ///
    /// - Parameters:
    ///   - context: what the document's format says of names.
    ///   - budget: grows less with every node that is looked at.
    func target(
        in root: XMLElement, _ context: XMLPatchContext, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) -> XMLPatchTarget {
        var selected = [Located(path: [], element: root)]
        var rest = steps[...]
        if let identifier {
            selected = try Self.elements(withID: identifier, in: root, context, &budget)
        } else if let first = rest.popFirst() {
            var test = first
            if let name = first.name, context.rootNames.isSuperset(of: [name, root.name]) { test.name = root.name }
            selected = try test.selected(among: selected, &budget)
        } else {
            // What stands around the root element is not kept, so a selector can't find any of it.
            selected = []
        }
        for step in rest {
            var found: [Located] = []
            for located in selected {
                found += try step.selected(among: try Self.elements(of: located, &budget), &budget)
            }
            selected = found
        }
        guard let terminal else {
            let paths = selected.map { $0.path }
            guard let path = paths.first, paths.count == 1 else { throw Self.unlocated(paths.count) }
            return path.last.map { .child(parent: Array(path.dropLast()), index: $0) } ?? .root
        }
        var targets: [XMLPatchTarget] = []
        for located in selected {
            guard budget.spend(located.element.children.count + 1) else { throw Self.tooCostly }
            targets += terminal.targets(in: located.element, at: located.path)
        }
        guard let target = targets.first, targets.count == 1 else { throw Self.unlocated(targets.count) }
        return target
    }

    static var tooCostly: XMLPatchError {
        XMLPatchError(.invalidDiffFormat, "the patch costs more than is spent on one document")
    }

    private static func unlocated(_ count: Int) -> XMLPatchError {
        XMLPatchError(.unlocatedNode, count == 0 ? "no node was found" : "more than one node was found")
    }

    private static func elements(
        of parent: Located, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) -> [Located] {
        var found: [Located] = []
        for (index, child) in parent.element.children.enumerated() {
            guard budget.spend(1 + parent.path.count) else { throw tooCostly }
            if case .element(let element) = child {
                found.append(Located(path: parent.path + [index], element: element))
            }
        }
        return found
    }

    /// RFC 5261 §4.1: `id()` goes by attributes that the document's schema calls IDs, or by `xml:id`.
    private static func elements(
        withID identifier: String, in root: XMLElement, _ context: XMLPatchContext, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) -> [Located] {
        var found: [Located] = []
        var ahead = [Located(path: [], element: root)]
        while let next = ahead.popLast() {
            if next.element.attributes.contains(where: { context.isID($0.name) && $0.value == identifier }) {
                found.append(next)
            }
            ahead += try elements(of: next, &budget)
        }
        return found
    }
}

extension XMLPatchSelector.Step {
    /// What the step leaves over of the children of one element. XPath 1.0 §2.4: predicates apply one after the other,
    /// and a position counts what those before it left.
    fileprivate func selected(
        among candidates: [XMLPatchSelector.Located], _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) -> [XMLPatchSelector.Located] {
        var kept = candidates.filter { name == nil || $0.element.name == name }
        for predicate in predicates {
            if case .position(let position) = predicate {
                kept = kept.indices.contains(position - 1) ? [kept[position - 1]] : []
                continue
            }
            var held: [XMLPatchSelector.Located] = []
            for candidate in kept where try predicate.holds(for: candidate.element, &budget) { held.append(candidate) }
            kept = held
        }
        return kept
    }
}

extension XMLPatchSelector.Predicate {
    fileprivate func holds(
        for element: XMLElement, _ budget: inout EvaluationBudget
    ) throws(XMLPatchError) -> Bool {
        switch self {
        case .position: return true
        case .attribute(let name, let value):
            guard budget.spend(1 + element.attributes.count) else { throw XMLPatchSelector.tooCostly }
            return element[attribute: name] == value
        case .value(nil, let value):
            guard let own = element.stringValue(&budget) else { throw XMLPatchSelector.tooCostly }
            return own == value
        case .value(let name?, let value):
            for child in element.all(name) {
                guard let own = child.stringValue(&budget) else { throw XMLPatchSelector.tooCostly }
                if own == value { return true }
            }
            guard budget.spend(1 + element.children.count) else { throw XMLPatchSelector.tooCostly }
            return false
        }
    }
}

extension XMLPatchSelector.Terminal {
    /// The nodes of that kind in an element.
    fileprivate func targets(in element: XMLElement, at path: [Int]) -> [XMLPatchTarget] {
        switch self {
        case .attribute(let name):
            return element.attributes.indices.filter { element.attributes[$0].name == name }
                .map { .attribute(element: path, index: $0) }
        case .namespace(let prefix):
            // RFC 5261 §4.4.3 and §4.5.3: it has to be declared on the element itself.
            return element.declarations.indices.filter { element.declarations[$0].prefix == prefix }
                .map { .namespace(element: path, index: $0) }
        case .text(let position): return Self.children(of: element, at: path, position) { $0.isText }
        case .comment(let position):
            return Self.children(of: element, at: path, position) { if case .comment = $0 { true } else { false } }
        case .instruction(let wanted, let position):
            return Self.children(of: element, at: path, position) {
                if case .instruction(let target, _) = $0 { wanted == nil || wanted == target } else { false }
            }
        }
    }

    private static func children(
        of element: XMLElement, at path: [Int], _ position: Int?, where test: (XMLNode) -> Bool
    ) -> [XMLPatchTarget] {
        var found = element.children.indices.filter { test(element.children[$0]) }
        if let position { found = found.indices.contains(position - 1) ? [found[position - 1]] : [] }
        return found.map { .child(parent: path, index: $0) }
    }
}

extension XMLElement {
    /// All characters in the element and in those below it (XPath 1.0 §5.2); nil when the budget is used up.
    package func stringValue(_ budget: inout EvaluationBudget) -> String? {
        var joined = ""
        return append(to: &joined, &budget) ? joined : nil
    }

    private func append(to joined: inout String, _ budget: inout EvaluationBudget) -> Bool {
        for child in children {
            switch child {
            case .text(let text):
                guard budget.spend(1 + text.utf8.count / 16) else { return false }
                joined += text
            case .element(let element):
                guard budget.spend(), element.append(to: &joined, &budget) else { return false }
            case .comment, .instruction:
                guard budget.spend() else { return false }
            }
        }
        return true
    }
}
