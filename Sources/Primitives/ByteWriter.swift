/// Appends fields to bytes, as ``ByteReader`` reads them.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func uint8(_ value: UInt8) { bytes.append(value) }
    package mutating func uint16(_ value: UInt16) { integer(UInt64(value), 2) }
    package mutating func uint32(_ value: UInt32) { integer(UInt64(value), 4) }
    package mutating func uint64(_ value: UInt64) { integer(value, 8) }
    package mutating func int64(_ value: Int64) { integer(UInt64(bitPattern: value), 8) }
    package mutating func instant(_ value: Instant) { integer(value.nanoseconds, 8) }

    /// The bytes as they are, without a count.
    package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The bytes preceded by their count in 16 bits; longer ones are the caller's mistake.
    package mutating func bytes16(_ value: some Collection<UInt8>) {
        precondition(value.count <= UInt16.max, "more than 65,535 bytes in a field with a 16-bit count")
        uint16(UInt16(value.count))
        append(value)
    }

    /// The bytes preceded by their count in 32 bits.
    package mutating func bytes32(_ value: some Collection<UInt8>) {
        uint32(UInt32(value.count))
        append(value)
    }

    package mutating func string16(_ value: String) { bytes16(value.utf8) }

    private mutating func integer(_ value: UInt64, _ width: Int) {
        for offset in (0..<width).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(offset * 8)))
        }
    }
}
