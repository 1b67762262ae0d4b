import Identity
import Primitives

extension Record.Body {
    /// The layout of docs/protocol.md §4.3 without the signature.
    func write(to writer: inout ByteWriter) {
        writer.uint8(Record.version)
        writer.uint16(kind.rawValue)
        writer.uint8(isTombstone ? 1 : 0)
        writer.append(domain.bytes)
        writer.string16(name)
        writer.bytes16(key)
        writer.int64(sequence)
        writer.instant(notAfter)
        authority.write(to: &writer)
        writer.bytes16(value)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        guard try reader.uint8() == Record.version else { throw MalformedBytes("unknown version of record") }
        guard let kind = RecordKind(rawValue: try reader.uint16()) else { throw MalformedBytes("unknown kind") }
        self.kind = kind
        let flags = try reader.uint8()
        guard flags <= 1 else { throw MalformedBytes("unknown flags of a record") }
        isTombstone = flags == 1
        domain = PublicSigningKey(try reader.take(32))!
        name = try reader.string16()
        guard name.utf8.count <= RecordLimits.nameBytes else { throw MalformedBytes("name too long") }
        key = try reader.bytes16()
        guard key.count <= RecordLimits.keyBytes else { throw MalformedBytes("key too long") }
        sequence = try reader.int64()
        guard sequence >= 0 else { throw MalformedBytes("negative sequence") }
        notAfter = try reader.instant()
        authority = try Authority(from: &reader)
        value = try reader.bytes16()
        guard value.count <= RecordLimits.valueBytes else { throw MalformedBytes("value too long") }
        guard !isTombstone || value.isEmpty else { throw MalformedBytes("a tombstone with a value") }
    }
}

extension Record {
    /// The only version there is; a reader refuses others.
    static let version: UInt8 = 1

    /// Reads a record off bytes that hold nothing else. Nothing is verified yet: see ``verify(at:cache:)``.
    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        guard bytes.count <= RecordLimits.encodedBytes else { throw MalformedBytes("record too long") }
        var reader = ByteReader(bytes)
        let body = try Body(from: &reader)
        let signature = Signature(try reader.take(Signature.length))!
        try reader.end()
        self.init(body, signature: signature, unsigned: Array(bytes.dropLast(Signature.length)))
    }

    /// Within a message: the encoding preceded by its length in 32 bits.
    func write(to writer: inout ByteWriter) { writer.bytes32(encoded) }

    init(from reader: inout ByteReader) throws(MalformedBytes) { try self.init(decoding: try reader.bytes32()) }
}
