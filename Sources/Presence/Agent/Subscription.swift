import Primitives
import SIPMessages
import SIPStack

/// One subscription to a presentity, as its notifier keeps it (RFC 6665 §4.2).
struct Subscription: Sendable {
    /// What the last NOTIFY of a subscription says.
    struct Ending: Hashable, Sendable {
        var reason: String
        var withState: Bool
    }

    var presentity: AddressOfRecord
    /// Who watches, for people: the authenticated address of record, or what From says.
    var watcher: String
    /// Who watches, for rules.
    var identity: WatcherIdentity
    var package: EventPackage
    /// The Event header field's value, `id` included, as every NOTIFY repeats it (RFC 6665 §4.5.2).
    var event: String
    var dialog: SubscriptionDialog
    /// The path that the last SUBSCRIBE came over.
    var flow: Flow
    /// False once the connection is known to be gone; then the route set and the contact say where to go.
    var isFlowUsable = true
    var begun: Instant
    var expires: Instant
    /// What the presentity's rules say to it; nil after a restart, until all rules are back.
    var decision: AccessDecision?
    var state: WatcherState
    /// Nil while it goes on.
    var ending: Ending?
    /// CSeq numbers below this are in the journal: after a restart numbering goes on from here.
    var reservedSequence: UInt32 = 0
    /// The request token of the NOTIFY that has not been answered.
    var outstanding: RequestToken?
    /// Whether there is something to tell that the outstanding NOTIFY, or the last one, did not.
    var needsNotify = false
    /// How many NOTIFYs in a row failed for a passing reason.
    var failures = 0
    /// The document in the last NOTIFY, unless it went to a node that applies the rules; nil when it had none.
    var told: [UInt8]?
    /// Whether it takes changes in place of whole documents, and what it was told in that way.
    var takesChanges = false
    var partial = PartialNotifications()
    var filters = FilterSet()
    /// What a subscriber to watcher information has yet to be told.
    var changes = WatcherInformationChanges()
    /// When it may next be told without having asked.
    var quietUntil = Instant(nanoseconds: 0)

    /// What it is about.
    var resource: EventResource { EventResource(presentity, package) }

    /// The version under which ``told`` was first told to a watcher elsewhere: it tells nothing of changes that were not.
    var toldVersion: Int64 = 0

    /// What comes from another node sees only what is published here: that node composes for itself.
    var isOverlay: Bool { flow.transport == .overlay }

    /// Of a watcher behind another node that does not know the rules: what leaves for there is only what they grant. A
    /// node that knows them subscribes without a user's name, and applies them to those who watch there.
    var isElsewhere: Bool {
        guard case .authenticated = identity else { return false }
        return isOverlay
    }

    /// Of a node that knows the rules.
    var isNode: Bool { isOverlay && !isElsewhere }

    /// Who is counted to have it.
    enum Source: Hashable, Sendable {
        case user(String)
        case node(NodeID)
    }

    var source: Source {
        if case .node(let node) = flow.remote { .node(node) } else { .user(watcher) }
    }

    /// What it selected of the presentity's XCAP documents, and knows of that; nil for one to something else.
    var documents: XCAPDiffSubscription?
    /// What it knows of a list; nil for a subscription to a single presentity.
    var list: ListSubscription?
    /// Which list it lies behind; nil for one that a watcher made by itself.
    var membership: ListMembership?

    /// Has everything be told anew.
    mutating func tellAll() {
        changes.tellAll()
        partial.tellAll()
        list?.tellAll()
        documents?.tellAll()
    }

    /// Whether it can't be told anything yet: what it selected of documents is being looked for. Its end is told anyway.
    var awaitsDocuments: Bool {
        documents?.isKnown == false && ending?.withState ?? true
    }

    /// One to a member of this list, on behalf of the same subscriber.
    func backEnd(for presentity: AddressOfRecord, _ membership: ListMembership, localTag: String) -> Subscription {
        var dialog = dialog
        // It stands for the subscription elsewhere, and is never in a message: the dialog is the list's.
        dialog.localTag = localTag
        dialog.localSequence = 0
        var backEnd = Subscription(
            presentity: presentity, watcher: watcher, identity: identity, package: package, event: event,
            dialog: dialog, flow: flow, begun: begun, expires: expires, state: WatcherState(subscribing: .block))
        backEnd.membership = membership
        return backEnd
    }

    /// Whether it lives on: a fetch and an ended subscription do not, nor does one that is only remembered.
    var isLive: Bool { ending == nil && state.status != .waiting }

    /// Ends it: what is left is a last NOTIFY, with the state if that is wanted and allowed.
    mutating func end(_ event: WatcherEvent, reason: String, withState: Bool = false) {
        ending = Ending(reason: reason, withState: withState && state.status == .active)
        state.take(event)
    }
}
