import XMLTree

/// A document as a list of its elements, so that each step of an expression is one walk over it, whatever it selects.
struct FilteredDocument {
    struct Place {
        var element: XMLElement
        /// Before it in the list; nil for the root.
        var parent: Int?
        /// Where its own children stand among the nodes of its parent.
        var index: Int
    }

    /// In the order of the document: every parent comes before its children.
    private(set) var places: [Place] = []

    init(_ root: XMLElement) { add(root, parent: nil, index: 0) }

    private mutating func add(_ element: XMLElement, parent: Int?, index: Int) {
        let own = places.count
        places.append(Place(element: element, parent: parent, index: index))
        for (index, child) in element.children.enumerated() {
            if case .element(let inner) = child { add(inner, parent: own, index: index) }
        }
    }

    /// The elements that an expression selects, ascending; of an expression for an attribute those that have it.
    ///
    /// - Returns: nil when the budget is used up.
    func selection(_ expression: FilterExpression, _ budget: inout EvaluationBudget) -> [Int]? {
        // Which elements the steps so far selected; before the first one it is the document, the parent of the root.
        var selected = [Bool](repeating: false, count: places.count)
        for (number, step) in expression.steps.enumerated() {
            guard budget.spend(places.count) else { return nil }
            // Whether an element, or one around it, was selected.
            var isBelow = [Bool](repeating: false, count: places.count)
            var next = isBelow
            for (index, place) in places.enumerated() {
                let isInside = place.parent.map { selected[$0] } ?? (number == 0)
                isBelow[index] = isInside || (step.descends && place.parent.map { isBelow[$0] } ?? (number == 0))
                guard isBelow[index], step.name == nil || step.name == place.element.name else { continue }
                guard let condition = step.condition else {
                    next[index] = true
                    continue
                }
                guard let holds = holds(condition, for: index, &budget) else { return nil }
                next[index] = holds
            }
            selected = next
        }
        return places.indices.filter { index in
            selected[index] && (expression.attribute.map { places[index].element[attribute: $0] != nil } ?? true)
        }
    }

    private func holds(_ condition: FilterCondition, for index: Int, _ budget: inout EvaluationBudget) -> Bool? {
        for all in condition.alternatives {
            var hold = true
            for comparison in all where hold {
                guard let one = holds(comparison, for: index, &budget) else { return nil }
                hold = one
            }
            if hold { return true }
        }
        return false
    }

    /// XPath 1.0 §3.4: it holds if it does for any of the nodes that are compared.
    private func holds(
        _ comparison: FilterCondition.Comparison, for index: Int, _ budget: inout EvaluationBudget
    ) -> Bool? {
        let element = places[index].element
        switch comparison.subject {
        case .own: return element.stringValue(&budget).map(comparison.holds)
        case .parent:
            guard let parent = places[index].parent else { return false }
            return places[parent].element.stringValue(&budget).map(comparison.holds)
        case .elements(let path):
            guard let found = Self.elements(below: element, path, &budget) else { return nil }
            for inner in found {
                guard let text = inner.stringValue(&budget) else { return nil }
                if comparison.holds(for: text) { return true }
            }
            return false
        case .attribute(let path, let name):
            return Self.elements(below: element, path, &budget)?.contains { inner in
                inner[attribute: name].map(comparison.holds) ?? false
            }
        }
    }

    private static func elements(
        below element: XMLElement, _ path: [XMLName?], _ budget: inout EvaluationBudget
    ) -> [XMLElement]? {
        var found = [element]
        for name in path {
            var next: [XMLElement] = []
            for outer in found {
                guard budget.spend(1 + outer.children.count) else { return nil }
                next += outer.elements.filter { name == nil || $0.name == name }
            }
            found = next
        }
        return found
    }
}
