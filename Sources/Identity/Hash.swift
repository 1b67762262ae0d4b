import CSodium
import Primitives

/// BLAKE2b with an output of 32 bytes (RFC 7693), the one hash of the overlay.
package enum Hash {
    /// The hash of all `parts` one after the other, without any separator: callers see to it that the borders
    /// between parts of varying length are unambiguous.
    package static func blake2b256(_ parts: [UInt8]...) -> Bits256 {
        Bits256(digest(parts, key: []))!
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
