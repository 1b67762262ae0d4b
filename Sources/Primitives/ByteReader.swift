/// Reads fields off the front of bytes that a peer or an older version of ourselves wrote.
///
/// Integers are big-endian. Every read checks what is left and throws ``MalformedBytes``.
package struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// How many bytes have not been read yet.
    package var remaining: Int { bytes.endIndex - position }

    /// All that has not been read yet.
    package var rest: ArraySlice<UInt8> { bytes[position...] }

    package mutating func take(_ count: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw MalformedBytes("ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    package mutating func uint8() throws(MalformedBytes) -> UInt8 {
        guard remaining >= 1 else { throw MalformedBytes("ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func uint16() throws(MalformedBytes) -> UInt16 { try integer() }
    package mutating func uint32() throws(MalformedBytes) -> UInt32 { try integer() }
    package mutating func uint64() throws(MalformedBytes) -> UInt64 { try integer() }
    package mutating func int64() throws(MalformedBytes) -> Int64 { try integer() }
    package mutating func instant() throws(MalformedBytes) -> Instant { Instant(nanoseconds: try integer()) }

    /// Bytes preceded by their count in 16 bits.
    package mutating func bytes16() throws(MalformedBytes) -> [UInt8] { Array(try take(Int(try uint16()))) }

    /// Bytes preceded by their count in 32 bits.
    package mutating func bytes32() throws(MalformedBytes) -> [UInt8] { Array(try take(Int(try uint32()))) }

    /// UTF-8 preceded by its count of bytes in 16 bits.
    package mutating func string16() throws(MalformedBytes) -> String {
        guard let text = String(validating: try bytes16(), as: UTF8.self) else {
            throw MalformedBytes("text is not UTF-8")
        }
        return text
    }

    /// Throws unless everything has been read: trailing bytes are a mistake or an attempt to hide something.
    package func end() throws(MalformedBytes) {
        guard remaining == 0 else { throw MalformedBytes("\(remaining) bytes too many") }
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws(MalformedBytes) -> Integer {
        let width = Integer.bitWidth / 8
        guard width <= remaining else { throw MalformedBytes("ends too early") }
        let offset = position - bytes.startIndex
        position += width
        // So many bytes remain behind the offset.
        return bytes.withUnsafeBytes {
            Integer(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }
}
