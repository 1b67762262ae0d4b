import XMLTree

/// A document of the type `application/pidf-diff+xml` (RFC 5262 §3).
package struct PartialPresenceDocument: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// `<pidf-full>`, as the `<presence>` that it stands for.
        case full(XMLDocument)
        /// `<pidf-diff>`.
        case changes(XMLPatch)
    }

    package var content: Content
    /// RFC 5262 §3.1; nil when it is not stated.
    package var version: UInt32?
    /// The presentity as the sender writes it; nil when it is not stated.
    package var entity: String?

    /// - Parameter limits: of the document that comes out as well as of this one.
    package init(parsing bytes: [UInt8], limits: XMLLimits = .standard) throws(XMLPatchError) {
        var root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes, limits: limits).root
        } catch {
            throw XMLPatchError(.invalidDiffFormat, error.description)
        }
        entity = root[attribute: PIDF.entity]
        if let written = root[attribute: PartialPresence.version] {
            // RFC 5262 §7: an unsigned integer of 32 bits. §11 names the error.
            guard let number = UInt32(written.trimmed) else {
                throw XMLPatchError(.invalidAttributeValue, "the version is no number", operation: root.emptied)
            }
            version = number
        }
        switch root.name {
        case PartialPresence.full:
            root.name = PIDF.presence
            root.prefix = NamespaceScope(in: [root]).prefixes(of: PIDF.namespace).first ?? ""
            root[attribute: PartialPresence.version] = nil
            // That namespace is the envelope's; what else is in it, against all expectation, is declared when written.
            root.declarations.removeAll { $0.namespace == PartialPresence.namespace }
            content = .full(XMLDocument(root: root))
        case PartialPresence.diff:
            var patchLimits = XMLPatchLimits.standard
            patchLimits.document = limits
            content = .changes(
                try XMLPatch(reading: root, namespace: PartialPresence.namespace, limits: patchLimits))
        default:
            throw XMLPatchError(.invalidDiffFormat, "the root is \(root.name)")
        }
    }

    /// The whole document: the one that this stands for, or the present one with the changes.
    ///
    /// - Parameter present: nil when there is none.
    package func applied(to present: XMLDocument?) throws(XMLPatchError) -> XMLDocument {
        switch content {
        case .full(let document): return document
        case .changes(let patch):
            guard let present else { throw XMLPatchError(.unlocatedNode, "there is nothing to change") }
            // RFC 5262 §3.2: where it is stated, it is the presentity of the document that is changed.
            if let entity, let own = present.root[attribute: PIDF.entity], entity != own {
                throw XMLPatchError(.invalidDiffFormat, "the changes are those of another presentity")
            }
            return try patch.applied(to: present, context: PartialPresence.patching)
        }
    }
}

extension XMLElement {
    /// The element without what is in it.
    fileprivate var emptied: XMLElement {
        var copy = self
        copy.children = []
        return copy
    }
}
