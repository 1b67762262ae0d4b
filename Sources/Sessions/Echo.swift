import Primitives

/// The 16 bytes by which a challenge says what it answers: the nonce of a hello, or session ID and counter of a record.
/// Cookies have the same size and are kept in the same form.
struct Echo: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(random: inout RandomSource) {
        high = random.next()
        low = random.next()
    }

    init(reading reader: inout ByteReader) throws(MalformedBytes) {
        high = try reader.uint64()
        low = try reader.uint64()
    }

    /// - Parameter code: an authentication code of exactly 16 bytes.
    init(code: [UInt8]) {
        precondition(code.count == 16, "a cookie is made from 16 bytes")
        let word = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        high = word(code[..<8])
        low = word(code[8...])
    }

    var bytes: [UInt8] {
        var writer = ByteWriter(reserving: 16)
        writer.uint64(high)
        writer.uint64(low)
        return writer.bytes
    }
}
