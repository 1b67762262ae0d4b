/// Appends fields to bytes, as ``ByteReader`` reads them.
@usableFromInline package struct ByteWriter: Sendable {
    @usableFromInline var written: [UInt8] = []

    /// All that was written.
    @inlinable package var bytes: [UInt8] { written }

    package init(reserving capacity: Int = 0) { written.reserveCapacity(capacity) }

    package mutating func uint8(_ value: UInt8) { written.append(value) }
    @usableFromInline package mutating func uint16(_ value: UInt16) { integer(value) }
    @usableFromInline package mutating func uint32(_ value: UInt32) { integer(value) }
    package mutating func uint64(_ value: UInt64) { integer(value) }
    package mutating func int64(_ value: Int64) { integer(value) }
    package mutating func instant(_ value: Instant) { integer(value.nanoseconds) }

    /// The bytes as they are, without a count.
    @inlinable package mutating func append(_ more: some Sequence<UInt8>) { written.append(contentsOf: more) }

    /// The bytes preceded by their count in 16 bits; longer ones are the caller's mistake.
    @inlinable package mutating func bytes16(_ value: some Collection<UInt8>) {
        precondition(value.count <= UInt16.max, "more than 65,535 bytes in a field with a 16-bit count")
        uint16(UInt16(value.count))
        append(value)
    }

    /// The bytes preceded by their count in 32 bits.
    @inlinable package mutating func bytes32(_ value: some Collection<UInt8>) {
        uint32(UInt32(value.count))
        append(value)
    }

    package mutating func string16(_ value: String) { bytes16(value.utf8) }

    private mutating func integer(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { written.append(contentsOf: $0) }
    }
}
