import XMLTree

/// Looks for values that occur twice where they must not, and says where.
struct UniqueValues {
    /// What was found; a client that repairs these gets to know of the others.
    private(set) var duplicates: [ConflictReport.Duplicate] = []

    private static let mostDuplicates = 16

    /// Compares the attribute of all child elements of a name, by case and character.
    ///
    /// - Parameter path: leads to the parent; percent-encoded as everything that goes into a report.
    mutating func check(_ name: XMLName, attribute: XMLName, in parent: XMLElement, at path: String) {
        var seen: Set<String> = []
        for (place, element) in parent.all(name).enumerated() {
            guard let value = element[attribute: attribute], !seen.insert(value).inserted else { continue }
            add(ConflictReport.Duplicate(field: "\(Self.path(to: name, place, below: path))/@\(attribute.local)"))
        }
    }

    mutating func add(_ duplicate: ConflictReport.Duplicate) {
        if duplicates.count < Self.mostDuplicates { duplicates.append(duplicate) }
    }

    /// The node selector of an element, by name and position.
    ///
    /// - Parameter place: among the elements of the name, beginning with 0.
    static func path(to name: XMLName, _ place: Int, below path: String) -> String {
        "\(path)/" + PercentEncoding.encode("\(name.local)[\(place + 1)]")
    }

    func report() throws(ConflictReport) {
        guard !duplicates.isEmpty else { return }
        throw ConflictReport(.uniquenessFailure(duplicates))
    }
}
