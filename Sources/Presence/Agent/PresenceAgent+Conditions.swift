import Primitives
import SIPMessages

/// Not telling subscribers what they have (RFC 5839 §6).
extension PresenceAgent {
    /// Whether what a subscription is shown has an entity tag. Between nodes SIP-ETag is the version of a document; who
    /// watches whom, and lists, are told as changes, of which no tag speaks.
    private func hasTags(_ subscription: Subscription) -> Bool {
        subscription.package.state != nil && !subscription.isOverlay && subscription.list == nil
    }

    /// Takes the condition of a SUBSCRIBE, or that it has none.
    mutating func takeCondition(of message: SIPMessage, _ number: UInt64, reported: WatcherStatus?) {
        guard let subscription = subscriptions[number], hasTags(subscription),
            let tag = (try? message.suppressIfMatch).flatMap({ $0 })
        else { return conditions[number] = nil }
        conditions[number] = NotificationCondition(tag: tag, reported: reported)
    }

    /// The entity tag of a document of a subscription, numbered or not; nil where there are none.
    func entityTag(of document: [UInt8], for subscription: Subscription) -> String? {
        guard hasTags(subscription), let package = subscription.package.state else { return nil }
        return NotificationCondition.tag(of: package.document(document, version: 0))
    }

    /// The entity tag of what a subscription is shown now, if its condition holds for that.
    private mutating func suppressedTag(_ number: UInt64, at now: Instant) -> String? {
        guard let condition = conditions[number], var subscription = subscriptions[number] else { return nil }
        decideOnLast(&subscription, at: now)
        let isShown = subscription.ending?.withState ?? (subscription.state.status == .active)
        let document = isShown ? subscription.filtered(shown(to: subscription)) : []
        guard let tag = entityTag(of: document, for: subscription), condition.holds(for: tag) else { return nil }
        return tag
    }

    /// Whether a SUBSCRIBE within a dialog is answered with 204, and no NOTIFY.
    ///
    /// RFC 5839 §6.3: when the condition holds. While a NOTIFY is under way, or to be repeated, it is not known what the
    /// subscriber knows of its subscription: then there is one, without a body.
    mutating func suppressesNotify(after number: UInt64, at now: Instant) -> Bool {
        guard let subscription = subscriptions[number], subscription.outstanding == nil, !subscription.needsNotify
        else {
            return false
        }
        return suppressedTag(number, at: now) != nil
    }

    /// Whether the NOTIFY that is due tells a subscriber nothing new.
    ///
    /// RFC 5839 §6.3: as long as the condition is true and nothing else is to be reported, it is suppressed. Once something
    /// else was told, what the subscriber had before is no condition any more.
    /// - Returns: header fields in place of the state, for a NOTIFY without a body; nil where the state is told. For no
    ///   NOTIFY at all the first is true.
    mutating func suppression(
        of number: UInt64, at now: Instant
    ) -> (isWhole: Bool, headers: [(HeaderName, String)])? {
        guard conditions[number] != nil, let subscription = subscriptions[number] else { return nil }
        guard let tag = suppressedTag(number, at: now) else {
            conditions[number] = nil
            return nil
        }
        let isKnown = subscription.isLive && conditions[number]!.reported == subscription.state.status
        conditions[number]!.reported = subscription.state.status
        if subscription.state.status == .active { subscriptions[number]!.told = shown(to: subscription) }
        subscriptions[number]!.partial.tellAll()
        return (isKnown, [(.sipETag, tag)])
    }
}
