import Primitives

/// What a presence agent tells people, logs and counters.
package enum PresenceObservation: Hashable, Sendable {
    /// What is published at this node of a presentity changed: its basic status and note, closed when nothing is left.
    case published(AddressOfRecord, BasicStatus, note: String?)
    /// Somebody began to watch. The watcher is the authenticated address of record, or what From says.
    case watching(watcher: String, EventResource)
    /// What became of a watcher, and the ids of the presentity's rules that say so; none where the default decided. Not
    /// said of those whom the default allows.
    case decided(watcher: String, EventResource, SubscriptionHandling, rules: [String])
    case stoppedWatching(watcher: String, EventResource, StopReason)
    /// A watcher that could not be told, or did not want to be, lost its subscription.
    case watcherDropped(watcher: String, EventResource, status: Int)
    /// A PUBLISH or SUBSCRIBE was turned away.
    case refused(method: String, presentity: AddressOfRecord?, status: Int)
    /// Stored state that can't be read. It was removed; rules are kept and allow nobody anything.
    case unreadable(PresenceRoom, reason: String)

    /// Why a subscription ended in good order.
    package enum StopReason: String, Hashable, Sendable {
        /// The watcher asked for it.
        case unsubscribed
        /// It was not refreshed in time.
        case expired
        /// The same watcher began anew with the same Call-ID and tag.
        case replaced
        /// The watcher is no user any more.
        case removed
        /// The operator ended it.
        case ended
        /// The presentity's rules came to block it.
        case rejected
    }
}
