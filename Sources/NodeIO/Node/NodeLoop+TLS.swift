import OverlayNode

extension NodeLoop {
    /// With what the listeners that encrypt prove who the node is; nil where there are none.
    ///
    /// - Parameter given: the files that the operator named; nil to use, or make, the node's own.
    func identity(for configuration: NodeConfiguration, given: CertificateFiles?) throws -> TLSIdentity? {
        let encrypted = configuration.sipListeners.filter { $0.transport == .tls || $0.transport == .wss }
        guard !encrypted.isEmpty else { return nil }
        let report = { [observe] text in observe(Observation(.event, "tls", text)) }
        if let given { return try TLSIdentity(given, for: .sip, report: report) }
        let (files, areNew) = try SelfSignedCertificate.files(
            in: directory, domains: configuration.domains, addresses: encrypted.map(\.endpoint.address))
        let identity = try TLSIdentity(files, for: .sip, report: report)
        let fingerprint = try files.fingerprint(for: .sip)
        report(
            "\(areNew ? "made" : "uses") a certificate signed by itself, \(files.chain): phones must trust it, or be told "
                + "not to check; its SHA-256 fingerprint is \(fingerprint)")
        return identity
    }
}
