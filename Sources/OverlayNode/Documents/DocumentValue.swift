import Primitives

/// What a document record holds once it is opened (docs/protocol.md §5.5).
enum DocumentValue: Hashable, Sendable {
    case whole(DocumentContent)
    /// The document at the path is in other records.
    case parts(DocumentParts, path: String)

    var path: String {
        switch self {
        case .whole(let content): content.path
        case .parts(_, let path): path
        }
    }

    func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: DocumentContent.longestPath + DocumentContent.largestInRecord)
        switch self {
        case .whole(let content):
            writer.uint8(1)
            writer.string16(content.path)
            writer.append(content.bytes)
        case .parts(let parts, let path):
            writer.uint8(2)
            writer.string16(path)
            parts.write(to: &writer)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let version = try reader.uint8()
        let path = try reader.string16()
        switch version {
        case 1: self = .whole(DocumentContent(path: path, bytes: Array(try reader.take(reader.remaining))))
        case 2: self = .parts(try DocumentParts(from: &reader), path: path)
        default: throw MalformedBytes("document of an unknown version")
        }
    }
}
