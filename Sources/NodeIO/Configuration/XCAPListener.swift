import Primitives

/// Where a gateway serves XCAP, and what phones are told of it.
package struct XCAPListener: Sendable, Equatable {
    /// The path of the XCAP root; all else is not found.
    package static let rootPath = "/xcap-root"

    package var endpoint: Endpoint
    /// nil for plain HTTP.
    package var certificate: CertificateFiles?
    /// The XCAP root URI that phones are told (RFC 4825 §6.1).
    package var root: String

    package init(endpoint: Endpoint, certificate: CertificateFiles? = nil, root: String? = nil) {
        self.endpoint = endpoint
        self.certificate = certificate
        let scheme = certificate == nil ? "http" : "https"
        self.root = root ?? "\(scheme)://\(endpoint)\(Self.rootPath)"
    }
}
