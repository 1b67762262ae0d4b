import XMLTree

/// A child of `<presence>` as a publication carried it: written out, with what composition must know of it.
package struct PresenceElement: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// `<tuple>`, a service (RFC 4479 §3.3).
        case tuple
        /// `<note>` about the presentity as a whole (RFC 3863 §4.1.6).
        case note
        /// `<person>` (RFC 4479 §3.2).
        case person
        /// `<device>` (RFC 4479 §3.4).
        case device
        /// An extension that is not known here; kept whole.
        case other

        /// What a child of `<presence>` of that name is.
        init(_ name: XMLName) {
            switch name {
            case PIDF.tuple: self = .tuple
            case PIDF.note: self = .note
            case PIDF.person: self = .person
            case PIDF.device: self = .device
            default: self = .other
            }
        }
    }

    package var kind: Kind
    /// What makes two elements of a kind descriptions of the same thing: the `id` of a tuple or person, the device
    /// ID of a device, the bytes of anything else.
    package var identity: [UInt8]
    /// The `id` attribute; empty where there is none. It is an XML ID: unique among all elements of a document.
    package var id: String
    /// The element in UTF-8, to stand where the PIDF namespace is the default one and no other is declared.
    package var bytes: [UInt8]
}
