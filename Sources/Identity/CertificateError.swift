/// Why a certificate is not believed.
package enum CertificateError: Error, Hashable, Sendable {
    /// Its time is over.
    case expired
    /// The domain's key did not sign it.
    case signature
    /// The host of its address claims to be a key, but not the one that signed.
    case foreignDomain
}
