import CSodium
import Primitives

/// A secret of 32 bytes that both sides hold: it seals, opens, authenticates, and other keys are derived from it.
/// It never shows itself, and two are compared in constant time.
package struct SymmetricKey: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// How many bytes a key has.
    package static let length = 32
    /// How much longer than its plaintext is what ``seal(_:authenticating:random:)`` gives: nonce and tag.
    package static let overhead = 24 + 16
    /// The length of the Poly1305 tag.
    package static let tagLength = 16

    /// The secret itself, for storing it and for hashing it into another key.
    package let bytes: [UInt8]

    /// - Parameter bytes: exactly 32.
    package init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "a symmetric key has 32 bytes")
        self.bytes = bytes
    }

    /// A fresh key; the source must be keyed with unpredictable bytes.
    package init(random: inout RandomSource) { bytes = random.bytes(Self.length) }

    /// Another key, which tells nothing about this one: keyed BLAKE2b-256 of `context` (RFC 7693 §2.9).
    package func derived(context: String) -> SymmetricKey { derived(context: Array(context.utf8)) }

    /// The same, for a context that is not text.
    package func derived(context: [UInt8]) -> SymmetricKey {
        SymmetricKey(Hash.digest([context], key: bytes))
    }

    /// The first 16 bytes of keyed BLAKE2b-256 over all `parts` one after the other.
    package func authenticationCode(of parts: [UInt8]...) -> [UInt8] {
        Array(Hash.digest(parts, key: bytes).prefix(16))
    }

    /// Whether two secrets or authentication codes are the same, in a time that tells nothing about where they differ.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && sodium_memcmp(a, b, a.count) == 0
    }

    /// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a random nonce, which stands in front of the ciphertext.
    /// 192 random bits never repeat in practice.
    package func seal(
        _ plaintext: [UInt8], authenticating associated: [UInt8] = [], random: inout RandomSource
    ) -> [UInt8] {
        let nonce = random.bytes(24)
        return seal(plaintext, nonce: nonce, authenticating: associated, after: nonce)
    }

    /// - Returns: nil when the key or the associated bytes differ from those it was sealed with, or it was changed.
    package func open(_ sealed: [UInt8], authenticating associated: [UInt8] = []) -> [UInt8]? {
        guard sealed.count >= Self.overhead else { return nil }
        return open(sealed[24...], nonce: Array(sealed[..<24]), authenticating: associated)
    }

    /// Seals under a nonce that the caller never uses twice with this key, and gives `header` followed by the
    /// ciphertext; the header is authenticated too.
    package func seal(_ plaintext: [UInt8], counter: UInt64, header: [UInt8]) -> [UInt8] {
        seal(plaintext, nonce: Self.nonce(counter), authenticating: header, after: header)
    }

    /// Opens what ``seal(_:counter:header:)`` gave, header taken off.
    package func open(_ ciphertext: ArraySlice<UInt8>, counter: UInt64, header: [UInt8]) -> [UInt8]? {
        open(ciphertext, nonce: Self.nonce(counter), authenticating: header)
    }

    package static func == (a: SymmetricKey, b: SymmetricKey) -> Bool { areEqual(a.bytes, b.bytes) }
    package var description: String { "symmetric key" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Sixteen zero bytes, then the counter, the most significant byte first.
    private static func nonce(_ counter: UInt64) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 24)
        for index in 0..<8 { nonce[16 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * index)) }
        return nonce
    }

    private func seal(
        _ plaintext: [UInt8], nonce: [UInt8], authenticating associated: [UInt8], after prefix: [UInt8]
    ) -> [UInt8] {
        Sodium.start()
        let total = prefix.count + plaintext.count + Self.tagLength
        return [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
            for (index, byte) in prefix.enumerated() { buffer[index] = byte }
            // Exactly plaintext.count + tagLength bytes are written behind the prefix, for which there is room.
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                buffer.baseAddress! + prefix.count, nil, plaintext, UInt64(plaintext.count),
                associated, UInt64(associated.count), nil, nonce, bytes)
            count = total
        }
    }

    private func open(_ ciphertext: ArraySlice<UInt8>, nonce: [UInt8], authenticating associated: [UInt8]) -> [UInt8]? {
        guard ciphertext.count >= Self.tagLength else { return nil }
        Sodium.start()
        var isGenuine = false
        let plaintext = [UInt8](unsafeUninitializedCapacity: ciphertext.count) { buffer, count in
            ciphertext.withUnsafeBufferPointer { input in
                // ciphertext.count - tagLength bytes are written, fewer than there is room for.
                isGenuine =
                    crypto_aead_xchacha20poly1305_ietf_decrypt(
                        buffer.baseAddress!, nil, nil, input.baseAddress!, UInt64(input.count),
                        associated, UInt64(associated.count), nonce, bytes) == 0
            }
            count = isGenuine ? ciphertext.count - Self.tagLength : 0
        }
        return isGenuine ? plaintext : nil
    }
}
