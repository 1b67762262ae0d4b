import XMLTree

/// What is to be told of a presentity's state to a watcher that takes changes (RFC 5262).
package enum PresenceChange {
    /// The namespaces that every document here declares; what else its content needs it declares itself, so that it
    /// means the same in any copy.
    private static let scope = [
        XMLDeclaration(namespace: PIDF.namespace), XMLDeclaration(prefix: "p", namespace: PartialPresence.namespace),
    ]
    private static let vocabulary = PatchVocabulary(namespace: PartialPresence.namespace, prefix: "p", scope: scope)

    /// All state: `<pidf-full>`.
    ///
    /// - Parameter document: as ``Composition`` writes it; nil comes of one that can't be read.
    package static func full(_ document: [UInt8]) -> PartialPresenceBody? {
        guard var root = parsed(document)?.root, root.name == PIDF.presence else { return nil }
        root.name = PartialPresence.full
        root.prefix = "p"
        root.declarations = scope + root.declarations.filter { !["", "p"].contains($0.prefix) }
        return PartialPresenceBody(root)
    }

    /// What makes the new document of the old one: `<pidf-diff>`, or all state where that is not longer.
    ///
    /// RFC 5262 §4: where much changed the whole document can be sent instead. It also is when changes could not be
    /// told so that the copy comes out the same, byte for byte as it is written here.
    package static func body(from old: [UInt8], to new: [UInt8]) -> PartialPresenceBody? {
        guard let full = full(new) else { return nil }
        guard let before = parsed(old), let after = parsed(new), before.root.name == after.root.name,
            let operations = DocumentDiffer.operations(from: before.root, to: after.root, in: vocabulary)
        else { return full }
        var root = XMLElement(PartialPresence.diff, prefix: "p", declarations: scope)
        root[attribute: PIDF.entity] = after.root[attribute: PIDF.entity]
        root.children = operations.map { .element($0) }
        let body = PartialPresenceBody(root)
        guard body.count < full.count, applied(body, to: before)?.serialized == after.serialized else { return full }
        return body
    }

    /// What a watcher makes of it. Prefixes have ways to mean something else in another place; rather than to foresee
    /// them all, what would be sent is read back.
    private static func applied(_ body: PartialPresenceBody, to document: XMLDocument) -> XMLDocument? {
        let bytes = body.bytes(version: 1)
        let limits = XMLLimits(size: .max, depth: XMLLimits.standard.depth)
        return try? PartialPresenceDocument(parsing: bytes, limits: limits).applied(to: document)
    }

    private static func parsed(_ document: [UInt8]) -> XMLDocument? {
        // It was written here, out of documents that were small enough.
        try? XMLDocument(
            parsing: document, limits: XMLLimits(size: document.count, depth: XMLLimits.standard.depth))
    }
}
