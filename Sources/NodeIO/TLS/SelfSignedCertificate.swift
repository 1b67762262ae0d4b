import CCrypto
import Primitives
import SIPStack

/// The certificate that a gateway makes for itself at its first start, when it was given none: phones that are told to
/// trust it, or its fingerprint, are safe; it is kept in the data directory.
enum SelfSignedCertificate {
    /// 825 days, the longest that phones which follow the browsers' rules believe.
    private static let validity = 825 * 86_400
    /// Bytes for each of both texts.
    private static let capacity = 16_384
    /// Names beyond these are left out.
    private static let maximumNames = 64

    /// The files in `directory`, made if they are not there.
    ///
    /// - Parameters:
    ///   - domains: the SIP domains that the certificate is for.
    ///   - addresses: where phones call.
    /// - Throws: ``SystemCallError`` when the files can't be written; ``ConfigurationErrors`` for domains that can't
    ///   stand in a certificate.
    static func files(
        in directory: DataDirectory, domains: [String], addresses: [IPAddress]
    ) throws -> (files: CertificateFiles, areNew: Bool) {
        let files = CertificateFiles(chain: directory.certificatePath, key: directory.certificateKeyPath)
        if try PrivateFile.read(files.chain) != nil, try PrivateFile.read(files.key) != nil { return (files, false) }
        let (certificate, key) = try make(domains: domains, addresses: addresses)
        // Whichever is left of an attempt that was cut short is of no use without the other.
        PrivateFile.remove(files.chain)
        PrivateFile.remove(files.key)
        try PrivateFile.create(files.key, key)
        try PrivateFile.create(files.chain, certificate)
        return (files, true)
    }

    private static func make(
        domains: [String], addresses: [IPAddress]
    ) throws(ConfigurationErrors) -> (certificate: [UInt8], key: [UInt8]) {
        // RFC 5922 §4.1: the SIP domain stands as a URI, without a user; for phones that know HTTP's rules alone also
        // as a DNS name. An address stands as what it is, and as a name for phones whose library (mbed TLS 2) compares
        // names alone with the address that it was given.
        let names =
            domains.flatMap { ["URI:sip:\($0)", "DNS:\($0)"] }
            + Set(addresses).sorted { "\($0)" < "\($1)" }.flatMap { ["IP:\($0)", "DNS:\($0)"] }
        var certificate = [CChar](repeating: 0, count: capacity)
        var key = [CChar](repeating: 0, count: capacity)
        let isMade = starling_self_signed_certificate(
            domains.first.map { String($0.prefix(64)) } ?? "starling",
            names.prefix(maximumNames).joined(separator: ","), validity, &certificate, &key, capacity)
        guard isMade == 1 else {
            throw ConfigurationErrors([
                ConfigurationError(
                    "sip-certificate", "no certificate could be made for \(domains.joined(separator: ", "))",
                    remedy: "name one with --sip-certificate FILE and --sip-key FILE")
            ])
        }
        return (text(certificate), text(key))
    }

    private static func text(_ characters: [CChar]) -> [UInt8] {
        characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    }
}
