import HummingbirdTLS
import NIOSSL

/// The PEM files with which a server proves by TLS who it is.
package struct CertificateFiles: Sendable, Equatable {
    /// What a certificate is for; the raw value begins the names of the settings.
    package enum Use: String, Sendable {
        case xcap, sip

        /// RFC 7301: what is spoken over the connection. SIP over TLS has no name that phones would offer.
        fileprivate var applicationProtocols: [String] { self == .xcap ? ["http/1.1"] : [] }
        fileprivate var chainSetting: String { "\(rawValue)-certificate" }
        fileprivate var keySetting: String { "\(rawValue)-key" }
    }

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
    func configuration(for use: Use) throws(ConfigurationErrors) -> TLSConfiguration {
        let keyBytes = try Self.read(key, use.keySetting)
        guard let privateKey = try? NIOSSLPrivateKey(bytes: keyBytes, format: .pem) else {
            throw Self.error(
                use.keySetting, "\(key) is no private key in PEM, or needs a passphrase",
                remedy: "name a file that begins with -----BEGIN PRIVATE KEY-----")
        }
        let certificates = try certificates(for: use)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = use.applicationProtocols
        // The context is made only to see whether the key is that of the certificate.
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw Self.error(
                use.keySetting, "\(key) is not the key of the first certificate in \(chain)",
                remedy: "name the key with which the certificate was requested")
        }
        return configuration
    }

    /// The chain, the server's own certificate first.
    func certificates(for use: Use) throws(ConfigurationErrors) -> [NIOSSLCertificate] {
        let bytes = try Self.read(chain, use.chainSetting)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw Self.error(
                use.chainSetting, "\(chain) holds no certificate in PEM",
                remedy: "name a file that begins with -----BEGIN CERTIFICATE-----")
        }
        return certificates
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
