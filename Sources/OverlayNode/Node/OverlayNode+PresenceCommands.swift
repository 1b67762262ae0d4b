import Presence
import Primitives
import SIPStack

/// What operators ask about event packages.
extension OverlayNode {
    func presenceOverview(of text: String, at now: Instant) throws(CommandFailure) -> PresenceOverviewReport {
        let user = try addressOfRecord(text)
        return PresenceOverviewReport(
            addressOfRecord: user.description,
            contacts: server.contacts(of: user, at: now).map(\.description),
            publications: presence.publications(of: user).map { PublicationReport($0) },
            sources: presence.sources(of: user).map { source in
                PresenceOverviewReport.Source(
                    node: Bits256(source.source).map { NodeID(bits: $0).text } ?? "", hasState: source.hasState,
                    isReachable: source.isReachable)
            },
            presence: presence.document(of: user).map { PresenceReport(user, document: $0) },
            hasRules: presence.hasRules(user), subscriptions: subscriptions(concerning: user))
    }

    func subscriptionsReport(_ text: String?) throws(CommandFailure) -> SubscriptionsReport {
        guard let text else { return subscriptions(concerning: nil) }
        return subscriptions(concerning: try addressOfRecord(text))
    }

    private func subscriptions(concerning user: AddressOfRecord?) -> SubscriptionsReport {
        let (first, total) = presence.subscriptions(concerning: user, limit: SubscriptionsReport.maximum)
        return SubscriptionsReport(subscriptions: first.map { SubscriptionReport($0) }, total: total)
    }

    private func addressOfRecord(_ text: String) throws(CommandFailure) -> AddressOfRecord {
        guard let user = AddressOfRecord(text) else {
            throw CommandFailure("\"\(text)\" is not an address-of-record; one looks like alice@example.org")
        }
        return user
    }

    mutating func endSubscription(
        _ number: UInt64, isRejected: Bool, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) -> Reply {
        guard let subscription = presence.subscription(number) else {
            throw CommandFailure("there is no subscription \(number); type: starling subscriptions list")
        }
        drive(.endSubscription(number, rejected: isRejected), at: now, into: &actions)
        return .done("the subscription of \(subscription.watcher) to \(subscription.resource) is ended")
    }
}
