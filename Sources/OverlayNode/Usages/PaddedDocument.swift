import Primitives

/// A document with zeros behind it, so that its exact length, which would tell much of what is in it, stays hidden.
package enum PaddedDocument {
    /// Lengths are multiples of this many bytes.
    package static let unit = 256

    package static func encode(_ document: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(reserving: document.count + unit)
        writer.bytes32(document)
        let excess = writer.bytes.count % unit
        if excess > 0 { writer.append(repeatElement(0, count: unit - excess)) }
        return writer.bytes
    }

    /// - Returns: nil for what has another form.
    package static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        var reader = ByteReader(bytes)
        return try? reader.bytes32()
    }
}
