import NIOSSL
import SIPStack

extension CertificateFiles {
    /// The SHA-256 digest of the server's own certificate, as phones and `openssl x509 -fingerprint -sha256` show it.
    func fingerprint(for use: Use) throws(ConfigurationErrors) -> String {
        guard let bytes = try certificates(for: use).first.flatMap({ try? $0.toDERBytes() }) else { return "" }
        return Digest.sha256(bytes).map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + text : text
        }.joined(separator: ":")
    }
}
