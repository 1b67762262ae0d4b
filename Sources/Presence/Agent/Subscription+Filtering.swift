import XMLTree

extension Subscription {
    private var filter: EventFilter? { filters.filter(for: presentity, requested: presentity) }

    /// What its filter leaves of a document; empty for nothing.
    func filtered(_ document: [UInt8]) -> [UInt8] {
        guard let filter, let schema = package.state?.filterSchema, let root = Self.root(of: document) else {
            return document
        }
        return filter.content(of: root, schema).map { XMLDocument(root: $0).serialized + "\n".utf8 } ?? []
    }

    /// Whether its filter lets it be told of a change of what it was told last.
    func isTriggered(by document: [UInt8]) -> Bool {
        guard let filter, let told, let old = Self.root(of: told), let new = Self.root(of: document) else {
            return true
        }
        return filter.isTriggered(from: old, to: new)
    }

    private static func root(of document: [UInt8]) -> XMLElement? {
        // It is composed of documents that were small enough each.
        let limits = XMLLimits(size: document.count, depth: XMLLimits.standard.depth)
        return try? XMLDocument(parsing: document, limits: limits).root
    }
}
