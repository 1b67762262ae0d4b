import Primitives
import SIPMessages

/// What an ``Authenticator`` makes of a request.
package enum AuthenticationOutcome: Sendable {
    /// The sender knows the password of this user.
    case authenticated(AddressOfRecord)
    /// The response to give: a 401 or 407 with fresh challenges, or a 400 for credentials that can't be read.
    ///
    /// - failedFor: the user whose password was wrong, for ``SIPObservation/authenticationFailed(_:from:)``; nil when
    ///   nothing was tried, or only a nonce was too old.
    case refused(SIPMessage, failedFor: AddressOfRecord?)
}
