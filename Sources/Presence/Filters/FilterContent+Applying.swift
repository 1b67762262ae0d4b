import XMLTree

extension FilterContent {
    /// What is delivered of an element.
    private enum Extent: Int, Comparable {
        case nothing
        /// Its tag with what is mandatory.
        case tag
        /// Its tag, all attributes and its text.
        case own
        case all

        static func < (a: Extent, b: Extent) -> Bool { a.rawValue < b.rawValue }
    }

    private struct Marks {
        var extents: [Extent]
        /// Attributes that were asked for by name.
        var attributes: [Int: Set<XMLName>] = [:]
        var removed: Set<Int> = []
        var removedAttributes: [Int: Set<XMLName>] = [:]
    }

    /// What the filter leaves of a document.
    ///
    /// - Returns: nil when that is nothing. A filter that costs too much to apply is passed over as RFC 4660 §5.4 has it
    ///   for erroneous expressions: everything is delivered.
    func applied(to root: XMLElement, _ schema: FilterSchema) -> XMLElement? {
        let document = FilteredDocument(root)
        var budget = EvaluationBudget(steps: FilterLimits.work)
        let everything = includes.isEmpty
        var marks = Marks(
            extents: [Extent](repeating: everything ? .all : .nothing, count: document.places.count))
        for part in includes {
            guard include(part, in: document, &marks, schema, &budget) else { return root }
        }
        for part in excludes {
            guard exclude(part, in: document, &marks, schema, &budget) else { return root }
        }
        // Children come after their parents, so one walk hands down what is included whole, and one up what surrounds it.
        for (index, place) in document.places.enumerated() {
            if let parent = place.parent, marks.extents[parent] == .all { marks.extents[index] = .all }
        }
        for (index, place) in document.places.enumerated().reversed() where marks.extents[index] > .nothing {
            if let parent = place.parent { marks.extents[parent] = max(marks.extents[parent], .tag) }
        }
        guard marks.extents[0] > .nothing else { return nil }
        return written(document, marks, schema)
    }

    /// - Returns: false when the budget is used up.
    private func include(
        _ part: Part, in document: FilteredDocument, _ marks: inout Marks, _ schema: FilterSchema,
        _ budget: inout EvaluationBudget
    ) -> Bool {
        switch part {
        case .namespace(let namespace):
            for (index, place) in document.places.enumerated() where place.element.name.namespace == namespace {
                marks.extents[index] = max(marks.extents[index], .own)
            }
        case .expression(let expression):
            guard let selected = document.selection(expression, &budget) else { return false }
            for index in selected {
                guard let attribute = expression.attribute else {
                    marks.extents[index] = .all
                    continue
                }
                marks.extents[index] = max(marks.extents[index], .tag)
                marks.attributes[index, default: []].insert(attribute)
            }
        }
        return true
    }

    /// RFC 4661 §3.5.2: what would make the document invalid is not excluded.
    private func exclude(
        _ part: Part, in document: FilteredDocument, _ marks: inout Marks, _ schema: FilterSchema,
        _ budget: inout EvaluationBudget
    ) -> Bool {
        var selected: [Int]
        var attribute: XMLName?
        switch part {
        case .namespace(let namespace):
            selected = document.places.indices.filter { document.places[$0].element.name.namespace == namespace }
        case .expression(let expression):
            guard let found = document.selection(expression, &budget) else { return false }
            selected = found
            attribute = expression.attribute
        }
        for index in selected {
            let place = document.places[index]
            if let attribute {
                guard !schema.isMandatory(attribute, of: place.element.name) else { continue }
                marks.removedAttributes[index, default: []].insert(attribute)
            } else if let parent = place.parent {
                let outer = document.places[parent].element.name
                guard schema.children[outer]?.contains(place.element.name) != true else { continue }
                marks.removed.insert(index)
            }
        }
        return true
    }

    private func written(_ document: FilteredDocument, _ marks: Marks, _ schema: FilterSchema) -> XMLElement? {
        // From the last to the first: when an element's turn comes, its children are done.
        var done = [Int: XMLElement](minimumCapacity: document.places.count)
        var inner: [Int: [Int]] = [:]
        for (index, place) in document.places.enumerated().reversed() {
            let children = inner.removeValue(forKey: index) ?? []
            let extent = marks.extents[index]
            let outer = place.parent.map { document.places[$0].element.name }
            let isMandatory = outer.flatMap { schema.children[$0]?.contains(place.element.name) } ?? false
            let isKept = (extent > .nothing || isMandatory) && !marks.removed.contains(index)
            guard isKept else { continue }
            if let parent = place.parent { inner[parent, default: []].append(index) }
            var element = place.element
            let isWhole = isMandatory && extent == .nothing || schema.whole.contains(element.name)
            guard !isWhole else {
                done[index] = element
                continue
            }
            let wanted = marks.attributes[index] ?? []
            let unwanted = marks.removedAttributes[index] ?? []
            element.attributes.removeAll { attribute in
                if schema.isMandatory(attribute.name, of: element.name) { return false }
                return unwanted.contains(attribute.name) || !(extent >= .own || wanted.contains(attribute.name))
            }
            var kept: [Int: XMLElement] = [:]
            for child in children { kept[document.places[child].index] = done.removeValue(forKey: child) }
            element.children = element.children.enumerated().compactMap { position, node in
                switch node {
                case .element: kept[position].map { .element($0) }
                case .text: extent >= .own ? node : nil
                case .comment, .instruction: extent == .all ? node : nil
                }
            }
            done[index] = element
        }
        return done[0]
    }
}
