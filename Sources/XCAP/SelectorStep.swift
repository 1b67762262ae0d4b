import XMLTree

/// One step of an element selector: which child element of the context it goes to (RFC 4825 §6.3).
struct SelectorStep: Hashable, Sendable {
    /// An attribute that the element has to have, with its value.
    struct AttributeTest: Hashable, Sendable {
        var name: XMLName
        var value: String
    }

    /// The step as the client wrote it, not percent-encoded.
    let text: String
    /// nil is the wildcard `*`.
    let name: XMLName?
    /// Counted from 1, among the elements that the name lets through.
    let position: Int?
    let attribute: AttributeTest?

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
