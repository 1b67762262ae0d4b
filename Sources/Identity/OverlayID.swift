import Primitives

/// Which overlay a node belongs to: BLAKE2b-256 of the overlay's name. Nodes of different overlays never talk.
package struct OverlayID: Hashable, Sendable, CustomStringConvertible {
    package let bits: Bits256

    /// - Parameter name: any text; two overlays are the same when their names are the same bytes.
    package init(name: String) { bits = Hash.blake2b256(Array(name.utf8)) }

    package var bytes: [UInt8] { bits.bytes }

    package var description: String { String(Base32.encode(bytes).prefix(10)) }
}
