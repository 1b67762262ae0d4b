import Primitives

/// Names one state of a document (RFC 9110 §8.8.3): equal tags mean equal bytes.
///
/// All resources of a document share the tag of the document (RFC 4825 §8.5). Tags are made from the content alone, so
/// every gateway gives the same state the same tag, a change in one place is never mistaken for another one, and
/// nothing has to be counted.
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    package let opaque: String

    /// - Returns: nil for what can't stand in a header field: control characters, spaces, quotes, more than 256 bytes.
    package init?(_ opaque: String) {
        let isAllowed = { (byte: UInt8) in byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80 }
        guard opaque.utf8.count <= 256, opaque.utf8.allSatisfy(isAllowed) else { return nil }
        self.opaque = opaque
    }

    /// - Parameter digest: of the document's bytes; what goes beyond 32 bytes is left out.
    init(digest: [UInt8]) { opaque = Hex.encode(digest.prefix(32)) }

    /// As it stands in `ETag`.
    package var description: String { "\"\(opaque)\"" }
}
