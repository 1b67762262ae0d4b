import Primitives
import SIPMessages
import SIPStack

extension Subscriber {
    /// What can happen to the subscriber. A subscription's number is chosen by its owner.
    package enum Event: Sendable {
        /// Begins a subscription; under a number in use it replaces the target from the next attempt on.
        case subscribe(UInt64, SubscriptionTarget)
        case unsubscribe(UInt64)
        /// There is reason to refresh the subscription, or to begin it again, within seconds instead of when planned.
        case hasten(UInt64)
        /// A NOTIFY came in. Anything else than a NOTIFY for one of these subscriptions is refused.
        case request(ServerTransactionID, SIPMessage)
        /// A final response to the SUBSCRIBE of that token.
        case response(RequestToken, SIPMessage)
        /// The SUBSCRIBE of that token got no response; the status says why (408 or 503: RFC 3261 §8.1.3.1).
        case requestFailed(RequestToken, status: Int)
        /// The answer to ``Action/needsCredentials(_:challenge:request:)``: header fields to repeat the request with;
        /// nil when there are none to give.
        case credentials(UInt64, [CredentialField]?)
        /// The deadline has come.
        case wake
    }
}
