import Primitives

/// That a user is seen nowhere: nothing is published, and no phone is a sign of it.
struct Absence: Hashable, Sendable {
    /// When the user was last seen.
    var since: Instant
    /// Whether phones are registered all the same, which published and took it back.
    var hasPhones: Bool
}

extension Absence {
    private static let format: UInt8 = 1

    /// The value kept in the journal.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.uint8(Self.format)
        writer.instant(since)
        writer.uint8(hasPhones ? 1 : 0)
        return writer.bytes
    }

    init(decoding value: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(value)
        guard try reader.uint8() == Self.format else { throw MalformedBytes("an absence of another version") }
        since = try reader.instant()
        hasPhones = try reader.uint8() != 0
        try reader.end()
    }
}
