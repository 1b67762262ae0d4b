import SIPMessages
import XMLTree

/// The names of partial presence (RFC 5262), and who wants it.
package enum PartialPresence {
    package static let namespace = "urn:ietf:params:xml:ns:pidf-diff"

    /// The root of a document with all state.
    package static let full = XMLName("pidf-full", in: namespace)
    /// The root of a document with changes.
    package static let diff = XMLName("pidf-diff", in: namespace)
    static let version = XMLName("version")

    /// What operations of RFC 5261 must know of presence documents.
    ///
    /// RFC 5262 §3 has the root of a copy be `<pidf-full>`, and its example in §6 selects it as `<presence>`: both names
    /// select it here. PIDF and its extensions call the attribute `id` an XML ID.
    package static let patching = XMLPatchContext(rootNames: [PIDF.presence, full], idAttributes: [PIDF.id])

    /// Whether a watcher wants changes where it can have them.
    ///
    /// RFC 5263 §4.2 and §4.3: it has to name their type, and its preference decides; a range such as `*/*` names
    /// nothing, so that a watcher that has never heard of them gets none. Where both types are worth the same, changes
    /// are what it asked for.
    ///
    /// - Parameter ranges: the Accept header field of its SUBSCRIBE; nil for none.
    package static func isPreferred(_ ranges: [MediaType]?) -> Bool {
        let wanted = PresencePackage.partialType?.essence
        guard let partial = ranges?.first(where: { $0.essence == wanted }), partial.q > 0 else { return false }
        let whole = PresencePackage.documentType
        // RFC 3261 §20.1, HTTP: the most specific range is the one that counts.
        let ranked = (ranges ?? []).filter { $0.accepts(whole) }.sorted { $0.specificity > $1.specificity }
        return partial.q >= ranked.first?.q ?? 0
    }
}

extension MediaType {
    fileprivate var specificity: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) }
}
