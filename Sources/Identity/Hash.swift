import CSodium
import Primitives

/// BLAKE2b with an output of 32 bytes (RFC 7693), the one hash of the overlay.
package enum Hash {
    /// The hash of all `parts` one after the other, without any separator: callers see to it that the borders
    /// between parts of varying length are unambiguous.
    package static func blake2b256(_ parts: [UInt8]...) -> Bits256 {
        Bits256(digest(parts, key: []))!
    }

    /// The hash of one part.
    package static func blake2b256(_ input: [UInt8]) -> Bits256 {
        Sodium.start()
        var out = SIMD4<UInt64>()
        withUnsafeMutableBytes(of: &out) { buffer in
            // The 32 bytes of the output are the four words of eight bytes.
            _ = crypto_generichash_blake2b(
                buffer.baseAddress!.assumingMemoryBound(to: UInt8.self), 32, input, UInt64(input.count), nil, 0)
        }
        for word in 0..<4 { out[word] = UInt64(bigEndian: out[word]) }
        return Bits256(words: out)
    }

    /// - Parameter key: empty, or 16 to 64 bytes, which make the hash a message authentication code (RFC 7693 §2.9).
    static func digest(_ parts: [[UInt8]], key: [UInt8]) -> [UInt8] {
        Sodium.start()
        let input = parts.count == 1 ? parts[0] : Array(parts.joined())
        var out = [UInt8](repeating: 0, count: 32)
        crypto_generichash_blake2b(&out, 32, input, UInt64(input.count), key, key.count)
        return out
    }
}
