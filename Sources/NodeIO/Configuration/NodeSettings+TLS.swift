extension NodeSettings {
    /// The certificate for SIP over TLS, once ``resolved()`` has found nothing wrong; nil to make one.
    package var sipCertificateFiles: CertificateFiles? {
        sipCertificate.flatMap { chain in sipKey.map { CertificateFiles(chain: chain, key: $0) } }
    }

    /// What is wrong with the settings of SIP's certificate together.
    var sipCertificateErrors: [ConfigurationError] {
        guard sipCertificate != nil || sipKey != nil else { return [] }
        var errors: [ConfigurationError] = []
        if (sipCertificate == nil) != (sipKey == nil) {
            let (given, missing) = sipKey == nil ? ("certificate", "key") : ("key", "certificate")
            errors.append(
                ConfigurationError(
                    "sip-\(given)", "TLS takes a certificate and its key, and the \(missing) is missing",
                    remedy: "add --sip-\(missing) FILE, or leave --sip-\(given) out: then the node makes its own"))
        }
        if !(sipListeners ?? []).contains(where: { $0.transport == .tls || $0.transport == .wss }) {
            errors.append(
                ConfigurationError(
                    sipCertificate == nil ? "sip-key" : "sip-certificate", "no listener needs a certificate",
                    remedy: "add --sip tls:ADDRESS:5061, or leave it out"))
        }
        return errors
    }
}
