import Primitives
import SIPMessages
import SIPStack

/// One subscription to a presentity, as its notifier keeps it (RFC 6665 §4.2).
struct Subscription: Sendable {
    enum Phase: Hashable, Sendable {
        case active
        /// Only the last NOTIFY is still to be sent or answered.
        case terminated(reason: String, withState: Bool)
    }

    var presentity: AddressOfRecord
    /// Who watches, for people: the authenticated address of record, or what From says.
    var watcher: String
    /// The Event header field's value, `id` included, as every NOTIFY repeats it (RFC 6665 §4.5.2).
    var event: String
    var dialog: SubscriptionDialog
    /// The path that the last SUBSCRIBE came over.
    var flow: Flow
    /// False once the connection is known to be gone; then the route set and the contact say where to go.
    var isFlowUsable = true
    var expires: Instant
    var phase = Phase.active
    /// CSeq numbers below this are in the journal: after a restart numbering goes on from here.
    var reservedSequence: UInt32 = 0
    /// The request token of the NOTIFY that has not been answered.
    var outstanding: RequestToken?
    /// Whether there is something to tell that the outstanding NOTIFY, or the last one, did not.
    var needsNotify = false
    /// How many NOTIFYs in a row failed for a passing reason.
    var failures = 0

    /// A watcher behind another node sees only what is published here: that node composes for itself.
    var isOverlay: Bool { flow.transport == .overlay }

    /// Who is counted to have it.
    enum Source: Hashable, Sendable {
        case user(String)
        case node(NodeID)
    }

    var source: Source {
        if case .node(let node) = flow.remote { .node(node) } else { .user(watcher) }
    }

    /// Whether it lives on: a fetch and an ended subscription do not.
    var isActive: Bool { phase == .active }
}
