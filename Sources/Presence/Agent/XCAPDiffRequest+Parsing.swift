extension XCAPDiffRequest {
    /// - Parameter body: a resource list; it has to be flat, and what lies deeper in it, or behind a reference, is not
    ///   looked at (RFC 5875 §4.4).
    package init(parsing body: [UInt8]) throws(EventStateError) {
        let document: ResourceList
        do {
            document = try ResourceList(parsing: body)
        } catch {
            throw EventStateError(error.description)
        }
        var found: [String] = []
        for case .list(let list) in document.items {
            for case .entry(let member) in list.items where !found.contains(member.uri) {
                guard found.count < Self.maximumSelections, member.uri.utf8.count <= Self.maximumLength else {
                    throw EventStateError("more or longer resources than are accepted")
                }
                found.append(member.uri)
            }
        }
        guard found.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumSize else {
            throw EventStateError("longer resources than are accepted")
        }
        guard !found.isEmpty else { throw EventStateError("the list names no resource") }
        self.init(uris: found)
    }
}
