import Primitives
import SIPMessages

/// Notifying a subscriber as often as it wants (RFC 6446).
extension PresenceAgent {
    /// Takes what the subscriber's Event asks for, or asks for no more. Who asks is told the state at once.
    mutating func pace(_ number: UInt64, at now: Instant) {
        guard let subscription = subscriptions[number], subscription.isLive, !subscription.isOverlay,
            subscription.expires > now, subscription.event.contains(";"),
            let event = try? EventHeader(HeaderText(subscription.event))
        else { return stopPacing(number) }
        let asked = EventRates(askedBy: event.parameters)
        guard !asked.isEmpty else { return stopPacing(number) }
        setPace(asked, EventRates.removed(from: event), of: number, at: now)
        // RFC 6446 §5.2: the NOTIFY upon a SUBSCRIBE does not wait.
        subscriptions[number]!.quietUntil = now
    }

    private mutating func setPace(_ asked: EventRates, _ event: EventHeader, of number: UInt64, at now: Instant) {
        guard let expires = subscriptions[number]?.expires else { return }
        let rates = asked.agreed(lasting: expires - now, shortestRepeat: configuration.shortestRepeat)
        if paces[number] == nil || paces[number]!.rates.adaptiveMinimum != rates.adaptiveMinimum {
            paces[number] = NotificationPace(rates, event: event.description, at: now)
        } else {
            paces[number]!.rates = rates
        }
    }

    mutating func stopPacing(_ number: UInt64) {
        guard paces.removeValue(forKey: number) != nil else { return }
        deadlines.remove(.again(number))
    }

    /// RFC 6446 §5.2: within the reciprocal of the maximum since the last notification none is generated, but for the last
    /// one. What is newest by then is told.
    mutating func holdBack(_ number: UInt64, at now: Instant) {
        guard paces[number]?.rates.maximum != nil, let subscription = subscriptions[number], subscription.isLive,
            subscription.quietUntil > now, deadlines[.notify(number)] == nil
        else { return }
        deadlines.set(.notify(number), to: subscription.quietUntil)
    }

    /// Notes that a NOTIFY is sent, and when the next one is due.
    mutating func wasNotified(_ number: UInt64, at now: Instant) {
        guard paces[number] != nil else { return }
        paces[number]!.note(at: now)
        waitForNext(number, at: now)
    }

    private mutating func waitForNext(_ number: UInt64, at now: Instant) {
        guard let pace = paces[number], let subscription = subscriptions[number] else { return }
        if let maximum = pace.rates.maximum {
            subscriptions[number]!.quietUntil = max(subscription.quietUntil, now + maximum.interval)
        }
        waitToRepeat(number, at: now)
    }

    /// Has the state be told again in time.
    mutating func waitToRepeat(_ number: UInt64, at now: Instant) {
        guard let pace = paces[number] else { return }
        if subscriptions[number]?.isLive == true, let next = pace.nextRepeat(after: now) {
            deadlines.set(.again(number), to: next)
        } else {
            deadlines.remove(.again(number))
        }
    }

    /// RFC 6446 §6.2, §7.2: so long nothing was told; the state is, whatever it is, and whole.
    mutating func notifyAgain(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard paces[number] != nil, subscriptions[number]?.isLive == true else { return }
        subscriptions[number]!.tellAll()
        needsNotify(number, at: now, &actions)
    }

    /// RFC 6446 §4.1, §9.3: who asked for rates in its last SUBSCRIBE can change them with the answer to a NOTIFY; nothing
    /// else that Event says there has a meaning.
    mutating func takeRates(
        of response: SIPMessage, for number: UInt64, at now: Instant, _ actions: inout [Action]
    ) {
        guard paces[number] != nil, var subscription = subscriptions[number], subscription.isLive,
            subscription.expires > now, let answered = (try? response.event).flatMap({ $0 }),
            answered.package == subscription.package.rawValue,
            let event = try? EventHeader(HeaderText(subscription.event))
        else { return }
        let changed = EventRates.replaced(in: event, by: answered)
        guard changed != event else { return }
        subscription.event = changed.description
        // When the NOTIFY was sent that was answered is not known any more: the new rates count from now.
        subscription.quietUntil = now
        keep(&subscription, &actions)
        subscriptions[number] = subscription
        setPace(EventRates(askedBy: changed.parameters), EventRates.removed(from: changed), of: number, at: now)
        waitForNext(number, at: now)
    }
}
