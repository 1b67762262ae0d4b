extension SelectorStep {
    /// Whether the name of the step, predicates aside, is that of the element.
    func admits(_ element: ElementMarkup) -> Bool { name == nil || name == element.name }

    /// The places of the elements that it selects. The predicates prune one after the other: first the position, then the
    /// attribute (RFC 4825 §6.3).
    func selected(among elements: [ElementMarkup]) -> [Int] {
        var places = elements.indices.filter { admits(elements[$0]) }
        if let position { places = places.indices.contains(position - 1) ? [places[position - 1]] : [] }
        if let attribute {
            places = places.filter { place in
                elements[place].attributes.contains { $0.name == attribute.name && $0.value == attribute.value }
            }
        }
        return places
    }
}
