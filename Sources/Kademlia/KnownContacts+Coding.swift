import Primitives

extension KnownContacts {
    /// The count in a byte; if there are any, the salt and the marks.
    func write(to writer: inout ByteWriter) {
        writer.uint8(UInt8(count))
        guard count > 0 else { return }
        writer.uint32(salt)
        for index in 0..<count { writer.uint16(self[index]) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let count = Int(try reader.uint8())
        guard count <= MessageLimits.contacts else { throw MalformedBytes("too many contacts") }
        self.init(salt: count > 0 ? try reader.uint32() : 0)
        for _ in 0..<count { append(mark: try reader.uint16()) }
    }

    /// How many bytes ``write(to:)`` gives.
    var encodedSize: Int { count == 0 ? 1 : 5 + 2 * count }
}
