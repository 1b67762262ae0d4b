import Primitives
import SIPMessages
import SIPStack

extension Subscriber {
    /// What the subscriber wants done, in this order.
    package enum Action: Sendable {
        /// A SUBSCRIBE. The token comes back with its outcome; nil sends it by its Route and Request-URI.
        case sendRequest(RequestToken, SIPMessage, to: NextHop?)
        case respond(ServerTransactionID, SIPMessage)
        /// A subscription's request was challenged with 401 or 407; `Event.credentials` answers.
        case needsCredentials(UInt64, challenge: SIPMessage, request: SIPMessage)
        /// A NOTIFY was taken: the state it carried, and how the subscription stands.
        case notified(UInt64, Notification)
        /// The subscription is over. It is begun anew at `retry`, unless its owner unsubscribes; nil: it is forgotten.
        case ended(UInt64, End, retry: Instant?)
    }

    /// What a NOTIFY said.
    package struct Notification: Hashable, Sendable {
        package var state: SubscriptionState.State
        /// Empty when the NOTIFY carried no state: what was known before still holds (RFC 3856 §6.8).
        package var body: [UInt8]
        package var contentType: String?
        /// Between nodes of the overlay, the version of the document.
        package var entityTag: String?

        package init(
            state: SubscriptionState.State, body: [UInt8], contentType: String? = nil, entityTag: String? = nil
        ) {
            self.state = state
            self.body = body
            self.contentType = contentType
            self.entityTag = entityTag
        }
    }

    /// Why a subscription is over.
    package enum End: Hashable, Sendable {
        /// Its owner asked for it, or it was a fetch.
        case done
        /// The notifier ended it, with the reason it gave in lower case (RFC 6665 §4.1.3).
        case terminated(reason: String?)
        /// A SUBSCRIBE was answered with that status, or not at all (408, 503).
        case refused(status: Int)
        /// No NOTIFY followed a SUBSCRIBE.
        case noNotify
        /// It could not be refreshed in time.
        case expired
    }
}
