import Presence
import Primitives
import SIPStack

/// A subscription at a node. Times are whole seconds since 1970.
package struct SubscriptionReport: Codable, Hashable, Sendable {
    /// Names it to `starling subscriptions end`; another one after a restart.
    package var number: UInt64
    /// Who watches: the authenticated address of record, or what From says; a node's name for another node.
    package var watcher: String
    /// Whose state it is about, or the URI of a list.
    package var presentity: String
    /// The event package.
    package var package: String
    /// Where the last SUBSCRIBE came from.
    package var from: String
    /// `active`, `pending`, or `waiting` for one that ended before anybody decided.
    package var status: String
    /// What becomes of it (`allow`, `confirm`, `politeBlock`); nil while it is not known.
    package var handling: String?
    /// The ids of the rules that say so; none where no rule is about it.
    package var rules: [String]
    /// Whether it sees everything.
    package var seesEverything: Bool
    /// How many members the list has that it is about; nil for a single presentity.
    package var members: Int?
    package var begun: UInt64
    package var expires: UInt64
    /// NOTIFYs in a row that failed.
    package var failures: Int

    init(_ subscription: SubscriptionOverview) {
        number = subscription.number
        watcher = subscription.watcher
        presentity = subscription.resource.user.description
        package = subscription.resource.package.rawValue
        from =
            switch subscription.from {
            case .endpoint(let endpoint): "\(endpoint)"
            case .node(let node): node.text
            }
        status = subscription.status.rawValue
        handling = subscription.decision.map { "\($0.handling)" }
        rules = subscription.decision?.decidedBy ?? []
        seesEverything = subscription.decision?.permissions == .everything
        members = subscription.members
        begun = subscription.begun.secondsSince1970
        expires = subscription.expires.secondsSince1970
        failures = subscription.failures
    }
}
