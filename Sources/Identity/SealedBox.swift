import CSodium
import Primitives

/// Bytes that only the holder of one agreement key can read, from a sender who stays unnamed.
///
/// The form is that of libsodium's `crypto_box_seal`: a fresh X25519 public key (32 bytes), then the
/// XSalsa20-Poly1305 box under a nonce that is the 24-byte BLAKE2b of both public keys. The fresh key comes from the
/// caller's random source, so a simulation repeats itself exactly.
package enum SealedBox {
    /// How much longer than its content a box is.
    package static let overhead = 48

    /// - Returns: nil when `recipient` is a key of small order, to which nothing can be sealed.
    package static func seal(
        _ plaintext: [UInt8], to recipient: PublicAgreementKey, random: inout RandomSource
    ) -> [UInt8]? {
        let ephemeral = AgreementKeyPair(random: &random)
        var box = [UInt8](repeating: 0, count: plaintext.count + 16)
        let nonce = nonce(ephemeral: ephemeral.publicKey, recipient: recipient)
        let status = ephemeral.withSecret {
            crypto_box_easy(&box, plaintext, UInt64(plaintext.count), nonce, recipient.bytes, $0)
        }
        return status == 0 ? ephemeral.publicKey.bytes + box : nil
    }

    /// - Returns: nil when the box was not sealed to this key or was changed since.
    package static func open(_ box: [UInt8], with keys: AgreementKeyPair) -> [UInt8]? {
        guard box.count >= overhead else { return nil }
        Sodium.start()
        var plaintext = [UInt8](repeating: 0, count: box.count - overhead)
        let status = keys.withSecret {
            crypto_box_seal_open(&plaintext, box, UInt64(box.count), keys.publicKey.bytes, $0)
        }
        return status == 0 ? plaintext : nil
    }

    private static func nonce(ephemeral: PublicAgreementKey, recipient: PublicAgreementKey) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 24)
        let input = ephemeral.bytes + recipient.bytes
        crypto_generichash(&nonce, 24, input, UInt64(input.count), nil, 0)
        return nonce
    }
}
