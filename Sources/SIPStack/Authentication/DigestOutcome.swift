import Primitives

/// What an ``Authenticator`` makes of credentials.
package enum DigestOutcome: Hashable, Sendable {
    /// The sender knows the password of this user.
    case authenticated(AddressOfRecord)
    /// The values of the header fields that ask for credentials, the preferred first.
    ///
    /// - failedFor: the user whose password was wrong; nil when nothing was tried, or only a nonce was too old.
    case challenged([String], failedFor: AddressOfRecord?)
    /// The credentials can't be read, or are for another resource.
    case malformed
}
