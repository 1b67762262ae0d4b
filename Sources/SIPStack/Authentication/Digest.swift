import CCrypto
import Primitives

/// The hash functions of digest authentication, over libcrypto.
package enum Digest {
    /// MD5 (RFC 1321): 16 bytes. Only for phones that know nothing better (RFC 8760 §2.2).
    package static func md5(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, count: 16, starling_md5) }

    /// SHA-256 (RFC 6234): 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, count: 32, starling_sha256) }

    /// SHA-512/256 (FIPS 180-4): 32 bytes.
    package static func sha512_256(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, count: 32, starling_sha512_256) }

    /// HMAC-SHA-256 (RFC 2104): 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            let worked = starling_hmac_sha256(key, key.count, bytes, bytes.count, out.baseAddress)
            precondition(worked == 1, "libcrypto can't compute HMAC-SHA-256")
            count = 32
        }
    }

    /// Whether the two are the same, in a time that does not tell where they differ.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && starling_equal(a, b, a.count) == 1
    }

    private static func hash(
        _ bytes: [UInt8], count: Int, _ function: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?) -> Int32
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { out, written in
            // Only a libcrypto without the algorithm fails here (a FIPS build without MD5): nothing a peer can cause.
            let worked = function(bytes, bytes.count, out.baseAddress)
            precondition(worked == 1, "libcrypto lacks a digest that SIP needs")
            written = count
        }
    }
}
