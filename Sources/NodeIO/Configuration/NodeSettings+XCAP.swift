import OverlayNode

extension NodeSettings {
    /// Where XCAP is served, once ``resolved()`` has found nothing wrong; nil for nowhere.
    package var xcapListener: XCAPListener? {
        guard let xcap else { return nil }
        let certificate = xcapCertificate.flatMap { chain in xcapKey.map { CertificateFiles(chain: chain, key: $0) } }
        return XCAPListener(endpoint: xcap, certificate: certificate, root: xcapRoot)
    }

    /// What is wrong with the settings of XCAP together.
    var xcapErrors: [ConfigurationError] {
        guard let xcap else {
            let useless = [
                SettingKey.xcapCertificate: xcapCertificate, .xcapKey: xcapKey, .xcapRoot: xcapRoot,
            ].filter { $0.value != nil }.keys.map(\.rawValue).sorted()
            return useless.map {
                ConfigurationError(
                    $0, "there is no XCAP server that it could be for",
                    remedy: "add --xcap ADDRESS:PORT, or leave --\($0) out")
            }
        }
        var errors: [ConfigurationError] = []
        if isGateway != true {
            errors.append(
                ConfigurationError(
                    "xcap", "only a gateway serves XCAP, for the phones that register there",
                    remedy: "add --gateway, or leave --xcap out"))
        }
        if (xcapCertificate == nil) != (xcapKey == nil) {
            let (given, missing) = xcapKey == nil ? ("certificate", "key") : ("key", "certificate")
            errors.append(
                ConfigurationError(
                    "xcap-\(given)", "HTTPS takes a certificate and its key, and the \(missing) is missing",
                    remedy: "add --xcap-\(missing) FILE, or leave --xcap-\(given) out for plain HTTP"))
        }
        if xcap.address.isUnspecified, xcapRoot == nil {
            errors.append(
                ConfigurationError(
                    "xcap", "\(xcap) names no address at which phones could be told to call",
                    remedy: "name one, or add --xcap-root http://HOST:\(xcap.port)\(XCAPListener.rootPath)"))
        }
        return errors
    }
}
