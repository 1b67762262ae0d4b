/// Of which XCAP resources somebody wants to hear, as the body of a SUBSCRIBE lists them (RFC 5875 §4.4).
package struct XCAPDiffRequest: Hashable, Sendable {
    /// A client with all its documents names a handful; each change is compared with every one.
    package static let maximumSelections = 64
    /// Bytes of a URI.
    static let maximumLength = 2_048
    /// Bytes of all URIs: they are kept with the subscription.
    static let maximumSize = 16 << 10

    /// What the URIs of the entries say, octet by octet, each once: documents, components of them, and collections. They
    /// are relative to the XCAP root or absolute.
    package let uris: [String]

    /// - Parameter uris: those of a request that was read before.
    init(uris: [String]) { self.uris = uris }

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
        uris = found
    }
}
