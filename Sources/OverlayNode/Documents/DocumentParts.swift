import Primitives
import XCAP
import XMLTree

/// What the head record of a document that is larger than a record says of the records with its parts
/// (docs/protocol.md §5.5).
struct DocumentParts: Hashable, Sendable {
    /// Other bytes for each version of a document, so that no two versions share a part.
    var salt: [UInt8]
    /// Of the document, in bytes.
    var size: Int
    /// The keys of the parts' records, in order.
    var keys: [[UInt8]]

    static let saltLength = 16
    /// The largest document: what reads documents, as lists and rules, takes no larger ones.
    static let largestDocument = XMLLimits.standard.size
    /// What a document may be for this node to take it or read it.
    static let limits: XCAPLimits = {
        var limits = XCAPLimits.standard
        limits.document.size = largestDocument
        return limits
    }()
    /// The documents of a user that are kept in parts may have so many bytes together. A node stores 4 MiB of a user
    /// (docs/protocol.md §4.5), where the parts of a version that was replaced count a while longer.
    static let maximumBytes = 1 << 20

    /// How many parts a document of that size has.
    static func count(ofSize size: Int) -> Int {
        (size + DocumentContent.largestInRecord - 1) / DocumentContent.largestInRecord
    }

    func write(to writer: inout ByteWriter) {
        writer.append(salt)
        writer.uint32(UInt32(size))
        for key in keys { writer.append(key) }
    }

    init(salt: [UInt8], size: Int, keys: [[UInt8]]) {
        self.salt = salt
        self.size = size
        self.keys = keys
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        salt = Array(try reader.take(Self.saltLength))
        size = Int(try reader.uint32())
        guard size > DocumentContent.largestInRecord, size <= Self.largestDocument else {
            throw MalformedBytes("document in parts of an impossible size")
        }
        keys = []
        for _ in 0..<Self.count(ofSize: size) { keys.append(Array(try reader.take(32))) }
        guard reader.remaining == 0 else { throw MalformedBytes("document with too many parts") }
    }
}
