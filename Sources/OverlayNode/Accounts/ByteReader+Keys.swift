import Identity
import Primitives

extension ByteReader {
    /// A public signing key of 32 bytes.
    mutating func signingKey() throws(MalformedBytes) -> PublicSigningKey {
        guard let key = PublicSigningKey(try take(32)) else { throw MalformedBytes("a signing key has 32 bytes") }
        return key
    }
}
