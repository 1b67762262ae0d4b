import XMLTree

/// A document whose elements can be found again in another version of it.
///
/// RFC 4661 §3.6 speaks of "this instance" of an element. What makes one is its path: names, with the id where there is
/// one and else its place among those of the same name without.
struct IdentifiedDocument {
    private let document: FilteredDocument
    /// Of each element of the document.
    private var identities: [Identity] = []

    struct Identity: Hashable {
        var steps: [String]
    }

    init(_ root: XMLElement) {
        document = FilteredDocument(root)
        var counts: [Int: [XMLName: Int]] = [:]
        for place in document.places {
            let element = place.element
            let key: String
            if let id = element[attribute: PIDF.id] {
                key = "\(element.name) \(id)"
            } else {
                let number = counts[place.parent ?? -1, default: [:]][element.name, default: 0]
                counts[place.parent ?? -1, default: [:]][element.name] = number + 1
                key = "\(element.name)#\(number)"
            }
            let outer = place.parent.map { identities[$0].steps } ?? []
            identities.append(Identity(steps: outer + [key]))
        }
    }

    /// The elements that an expression selects, by what they are; of an expression for an attribute each has nothing but
    /// that.
    func nodes(of expression: FilterExpression, _ budget: inout EvaluationBudget) -> [Identity: XMLElement]? {
        // To find one again costs more than to look at it.
        guard let selected = document.selection(expression, &budget), budget.spend(8 * selected.count) else {
            return nil
        }
        var nodes: [Identity: XMLElement] = [:]
        for index in selected {
            var element = document.places[index].element
            if let attribute = expression.attribute {
                element = XMLElement(
                    element.name, attributes: element.attributes.filter { $0.name == attribute })
            }
            nodes[identities[index]] = element
        }
        return nodes
    }
}
