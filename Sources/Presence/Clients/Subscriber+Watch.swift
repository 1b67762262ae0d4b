import Primitives
import SIPMessages
import SIPStack

extension Subscriber {
    /// One subscription.
    struct Watch: Sendable {
        var target: SubscriptionTarget
        /// The dialog of the current attempt; nil while it waits for the next one.
        var dialog: SubscriptionDialog?
        /// Whether a NOTIFY has made the dialog a subscription.
        var isEstablished = false
        /// Whether its owner wants it to end.
        var isEnding = false
        /// Whether the SUBSCRIBE that ends it was sent.
        var hasSentEnd = false
        /// What to ask for, after a 423 raised it.
        var expires: Interval
        /// The token of the SUBSCRIBE under way.
        var outstanding: RequestToken?
        /// The last SUBSCRIBE, which a challenge is about.
        var lastRequest: SIPMessage?
        var challenges = 0
        /// Attempts in a row that came to nothing.
        var failures = 0
        /// When the current attempt began.
        var began: Instant
        /// When the notifier's grant ends.
        var grantedUntil: Instant?
    }
}
