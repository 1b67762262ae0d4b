import Identity
import Primitives

/// What opens one variant of presence documents: a class of watchers shares it until the rules or the day change.
package struct VariantKey: Hashable, Sendable {
    private let key: SymmetricKey

    package init(_ key: SymmetricKey) { self.key = key }

    package var bytes: [UInt8] { key.bytes }

    /// What the variant is found by in a record, for who has the key; to anybody else it is noise.
    package var label: [UInt8] { Array(key.derived(context: "label").bytes.prefix(PresenceValue.labelBytes)) }

    package func seal(_ document: [UInt8], from node: NodeID, random: inout RandomSource) -> [UInt8] {
        key.seal(PaddedDocument.encode(document), authenticating: node.bits.bytes, random: &random)
    }

    package func open(_ sealed: [UInt8], from node: NodeID) -> [UInt8]? {
        key.open(sealed, authenticating: node.bits.bytes).flatMap { PaddedDocument.decode($0) }
    }

    package static func == (a: VariantKey, b: VariantKey) -> Bool { a.key == b.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(label) }
}
