import Primitives

/// How an identity that follows from one seed is stored: the version (1), then the 32 bytes of the seed.
enum SeedForm {
    static let version: UInt8 = 1

    static func encode(_ seed: [UInt8]) -> [UInt8] { [version] + seed }

    static func decode(_ bytes: [UInt8], of what: String) throws(MalformedBytes) -> [UInt8] {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == version else { throw MalformedBytes("\(what) of an unknown version") }
        let seed = Array(try reader.take(SigningKeyPair.seedLength))
        try reader.end()
        return seed
    }
}
