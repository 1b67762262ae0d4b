import SIPMessages

/// Who asks for credentials (RFC 3261 §22.2, §22.3).
package enum ChallengeRole: Hashable, Sendable {
    /// A registrar or user agent server: 401, WWW-Authenticate, Authorization.
    case server
    /// A proxy: 407, Proxy-Authenticate, Proxy-Authorization.
    case proxy

    package var status: Int { self == .server ? 401 : 407 }
    package var challengeHeader: HeaderName { self == .server ? .wwwAuthenticate : .proxyAuthenticate }
    package var credentialsHeader: HeaderName { self == .server ? .authorization : .proxyAuthorization }
}
