import XMLTree

/// Looks for values that occur twice where they must not, and says where.
struct UniqueValues {
    /// What element names without a prefix mean in the selectors that go into a report.
    let defaultNamespace: String
    /// What was found; a client that repairs these gets to know of the others.
    private(set) var duplicates: [ConflictReport.Duplicate] = []

    private static let mostDuplicates = 16

    init(defaultNamespace: String) { self.defaultNamespace = defaultNamespace }

    /// Compares the attribute of all child elements of a name, by case and character.
    ///
    /// - Parameter path: leads to the parent; percent-encoded as everything that goes into a report.
    mutating func check(_ name: XMLName, attribute: String, in parent: XMLElement, at path: String) {
        var seen: Set<String> = []
        for (element, step) in steps(to: name, in: parent) {
            guard let value = element[attribute: XMLName(attribute)], !seen.insert(value).inserted else { continue }
            add(ConflictReport.Duplicate(field: "\(path)/\(step)/@\(attribute)"))
        }
    }

    mutating func add(_ duplicate: ConflictReport.Duplicate) {
        if duplicates.count < Self.mostDuplicates { duplicates.append(duplicate) }
    }

    /// The child elements of a name, each with a step of a node selector that selects just it: by name and position, or,
    /// as names of other namespaces would need a prefix and a query that binds it, by position alone.
    func steps(to name: XMLName, in parent: XMLElement) -> [(element: XMLElement, step: String)] {
        let all = parent.elements.enumerated().filter { $0.element.name == name }
        return all.enumerated().map { place, found in
            let isNamed = name.namespace == defaultNamespace
            let step = isNamed ? "\(name.local)[\(place + 1)]" : "*[\(found.offset + 1)]"
            return (found.element, PercentEncoding.encode(step))
        }
    }

    func report() throws(ConflictReport) {
        guard !duplicates.isEmpty else { return }
        throw ConflictReport(.uniquenessFailure(duplicates))
    }
}
