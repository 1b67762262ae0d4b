import HummingbirdTLS
import NIOSSL

/// The PEM files with which a server proves by TLS who it is.
package struct CertificateFiles: Sendable, Equatable {
    /// The path of the certificate, followed in the file by those that lead to a known authority.
    package var chain: String
    /// The path of the certificate's private key.
    package var key: String

    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }

    /// Reads both files.
    ///
    /// - Throws: ``ConfigurationErrors`` that name the file, or both where they don't belong together.
    func configuration() throws(ConfigurationErrors) -> TLSConfiguration {
        let keyBytes = try Self.read(key, "xcap-key")
        guard let privateKey = try? NIOSSLPrivateKey(bytes: keyBytes, format: .pem) else {
            throw Self.error(
                "xcap-key", "\(key) is no private key in PEM, or needs a passphrase",
                remedy: "name a file that begins with -----BEGIN PRIVATE KEY-----")
        }
        let chainBytes = try Self.read(chain, "xcap-certificate")
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chainBytes), !certificates.isEmpty else {
            throw Self.error(
                "xcap-certificate", "\(chain) holds no certificate in PEM",
                remedy: "name a file that begins with -----BEGIN CERTIFICATE-----")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // The context is made only to see whether the key is that of the certificate.
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw Self.error(
                "xcap-key", "\(key) is not the key of the first certificate in \(chain)",
                remedy: "name the key with which the certificate was requested")
        }
        return configuration
    }

    private static func read(_ path: String, _ place: String) throws(ConfigurationErrors) -> [UInt8] {
        do {
            if let bytes = try PrivateFile.read(path) { return bytes }
        } catch {
            throw Self.error(place, "\(error)", remedy: "let the node's user read it, or name another file")
        }
        throw Self.error(place, "there is no file \(path)", remedy: "name one that is there")
    }

    private static func error(_ place: String, _ problem: String, remedy: String) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(place, problem, remedy: remedy)])
    }
}
