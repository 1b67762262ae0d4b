import Primitives
import SIPStack

/// A subscription as its server's operator sees it.
package struct SubscriptionOverview: Sendable {
    /// Its number, by which ``PresenceAgent/Event/endSubscription(_:rejected:)`` knows it; another one after a restart.
    package var number: UInt64
    package var resource: EventResource
    /// Who watches: the authenticated address of record, or what From says.
    package var watcher: String
    /// Where the last SUBSCRIBE came from.
    package var from: Remote
    package var status: WatcherStatus
    /// What was decided about it; nil until that is known again after a restart.
    package var decision: AccessDecision?
    /// How many members it has when it is one to a list.
    package var members: Int?
    package var begun: Instant
    package var expires: Instant
    /// NOTIFYs in a row that failed.
    package var failures: Int

    init(_ number: UInt64, _ subscription: Subscription) {
        self.number = number
        resource = subscription.resource
        watcher = subscription.watcher
        from = subscription.flow.remote
        status = subscription.state.status
        decision = subscription.decision
        members = subscription.list?.members.count
        begun = subscription.begun
        expires = subscription.expires
        failures = subscription.failures
    }
}
