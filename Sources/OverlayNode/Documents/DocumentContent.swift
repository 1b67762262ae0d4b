import Primitives

/// What a document record holds once it is opened (docs/protocol.md §5.5).
struct DocumentContent: Hashable, Sendable {
    /// Where the document is, as a ``DocumentSelector`` writes it.
    var path: String
    var bytes: [UInt8]

    /// The longest path, in bytes. What a record has beyond this and the wrapping is for the document.
    static let longestPath = 960
    /// The largest document that fits into a record beside the longest path.
    static let largestDocument = 15 << 10

    func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: bytes.count + path.utf8.count + 3)
        writer.uint8(1)
        writer.string16(path)
        writer.append(bytes)
        return writer.bytes
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("document of an unknown version") }
        path = try reader.string16()
        self.bytes = Array(try reader.take(reader.remaining))
    }
}
