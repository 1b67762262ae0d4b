import Primitives

/// What a presence record holds: the whole document for nodes that hold the user's account, and a variant of it for each
/// class of watchers at other nodes (docs/protocol.md §5.4).
package struct PresenceValue: Hashable, Sendable {
    package static let labelBytes = 16
    private static let version: UInt8 = 1

    /// What one class may see.
    package struct Variant: Hashable, Sendable {
        package var label: [UInt8]
        package var sealed: [UInt8]

        package init(label: [UInt8], sealed: [UInt8]) {
            self.label = label
            self.sealed = sealed
        }
    }

    /// Sealed for nodes that hold the account.
    package var whole: [UInt8]
    package var variants: [Variant] = []

    package init(whole: [UInt8], variants: [Variant] = []) {
        self.whole = whole
        self.variants = variants
    }

    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: length)
        writer.uint8(Self.version)
        writer.bytes32(whole)
        writer.uint8(UInt8(variants.count))
        for variant in variants {
            writer.append(variant.label)
            writer.bytes32(variant.sealed)
        }
        return writer.bytes
    }

    /// How many bytes it has when encoded.
    package var length: Int {
        variants.reduce(1 + 4 + whole.count + 1) { $0 + Self.labelBytes + 4 + $1.sealed.count }
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("presence of another version") }
        whole = try reader.bytes32()
        for _ in 0..<(try reader.uint8()) {
            let label = Array(try reader.take(Self.labelBytes))
            variants.append(Variant(label: label, sealed: try reader.bytes32()))
        }
        try reader.end()
    }
}
