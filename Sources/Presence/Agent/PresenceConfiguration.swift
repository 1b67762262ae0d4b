import Primitives

/// What an operator can set about a presence agent, and the bounds that keep a peer from growing it.
package struct PresenceConfiguration: Sendable {
    /// This node, as other nodes name it: contacts of subscriptions over the overlay carry it.
    package var nodeID: NodeID
    /// The domains whose users publish here, in lower case; nil for any.
    package var domains: Set<String>?
    /// The host that contacts name where a listener is bound to every address; nil takes the address as it is.
    package var advertisedHost: String?

    /// The users whose rules this node knows; nil for all of its domains. About other presentities the nodes that publish
    /// for them decide.
    package var ruledUsers: Set<AddressOfRecord>?

    /// The URI below which the users' documents are; nil where no subscriptions to their changes are served.
    package var xcapRoot: String?

    /// Whether an event tells of every presentity whether it has rules. Until it has come nobody is let in whom rules could
    /// keep out.
    package var waitsForRules = false

    /// What becomes of those who watch a presentity that has no rules and is of another domain than they are.
    package var strangers: SubscriptionHandling
    /// What becomes of those who watch a presentity of their own domain that has no rules; nil for what becomes of
    /// strangers.
    package var colleagues: SubscriptionHandling?
    /// What becomes of those whom no rule of a presentity's is about.
    package var unmatched = SubscriptionHandling.confirm
    /// How long it is remembered who subscribed in vain while nobody decided (RFC 3857 §4.7.1): a user should find that
    /// out after a week away.
    package var waitingTime = Interval.hours(7 * 24)
    /// Of how many that is remembered for each presentity; the oldest make room.
    package var maximumWaitingPerPresentity = 64
    /// How many of a presentity's devices are told who watches it, or how its documents change.
    package var maximumInformedPerPresentity = 16
    /// RFC 3857 §4.10: no subscriber hears of changes in who watches more often than this.
    package var watcherInformationPause = Interval.seconds(5)

    /// RFC 5875 §4.10: no subscriber hears of changes in XCAP documents more often than this.
    package var documentPause = Interval.seconds(5)

    /// How long a publication or subscription lasts that names no time (RFC 3856 §6.4).
    package var defaultExpires = Interval.seconds(3600)
    /// Shorter ones are refused with 423: refreshes would cost more than the state is worth.
    package var minimumExpires = Interval.seconds(60)
    /// Longer ones are cut down to this.
    package var maximumExpires = Interval.seconds(86400)

    /// Bytes of a document that is published. A presence record of the overlay holds 16 KiB.
    package var maximumDocumentSize = 16 << 10
    /// A user has a handful of devices; composition looks at every publication on each change.
    package var maximumPublicationsPerPresentity = 32
    package var maximumPublications = 1_000_000
    /// Every change costs a NOTIFY for each of them.
    package var maximumSubscriptionsPerPresentity = 20_000
    package var maximumSubscriptions = 1_000_000
    /// So that nobody takes the places of all others: a user has some devices with some hundred contacts each, and a
    /// node subscribes once to each presentity that is watched there.
    package var maximumSubscriptionsPerUser = 1_000
    package var maximumSubscriptionsPerNode = 20_000
    /// How long after a restart watchers are first told: phones, calls and what other nodes know are known again by then, so
    /// that no lamp goes out in between. Who asks before that is told what is known.
    package var restoredPause = Interval.seconds(5)
    /// RFC 4662 §4.8: no subscriber to a list hears of changes in it more often than this.
    package var listPause = Interval.seconds(1)
    /// RFC 6446 §6.3: no subscriber is told at shorter intervals what it knows already.
    package var shortestRepeat = Interval.seconds(10)
    /// How many bytes of members' states go into one notification of a list, give or take the last one: what is longer
    /// than a datagram reaches nobody over UDP.
    package var maximumListStates = 40 << 10
    /// How many other nodes' documents of one presentity are composed.
    package var maximumRemoteSources = 64

    package init(
        nodeID: NodeID, domains: Set<String>? = nil, advertisedHost: String? = nil,
        strangers: SubscriptionHandling = .confirm
    ) {
        self.nodeID = nodeID
        self.domains = domains
        self.advertisedHost = advertisedHost
        self.strangers = strangers
    }

    /// The event packages served.
    package var packages: [EventPackage] { EventPackage.allCases.filter { $0 != .documents || xcapRoot != nil } }

    /// The same, as Allow-Events lists them.
    package var allowEvents: String { packages.map(\.rawValue).joined(separator: ", ") }
}
