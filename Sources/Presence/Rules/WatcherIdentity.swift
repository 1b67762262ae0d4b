import Primitives

/// Who asks, as rules see it (RFC 4745 §7.1.1, RFC 5025 §3.1.1).
package enum WatcherIdentity: Hashable, Sendable {
    /// Who proved to be this user, or whom somebody trusted vouches for.
    case authenticated(AddressOfRecord)
    /// Who claims to be this user. No condition on an identity ever matches a claim.
    case unauthenticated(AddressOfRecord)
    /// Who gives no name.
    case anonymous
}
