import Primitives
import SIPMessages
import SIPStack

/// NOTIFY, and how subscriptions end (RFC 6665 §4.1.3).
extension Subscriber {
    mutating func notified(
        _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant, _ actions: inout [Action]
    ) {
        do {
            let (status, notification) = try take(message, at: now)
            actions.append(.respond(transaction, message.response(status, toTag: random.token())))
            if let notification { apply(notification, message, at: now, &actions) }
        } catch {
            let response = message.response(error.status, error.reason, toTag: random.token())
            actions.append(.respond(transaction, response))
        }
    }

    /// A NOTIFY that belongs to a subscription.
    private struct Taken {
        var number: UInt64
        var state: SubscriptionState
    }

    /// What a NOTIFY is answered with, and whom it concerns.
    private mutating func take(
        _ message: SIPMessage, at now: Instant
    ) throws(SIPParseError) -> (status: Int, Taken?) {
        guard message.method == .notify else { return (405, nil) }
        let event = try message.event
        // RFC 6665 §4.1.3: 481 unless it matches a subscription: by Call-ID, our tag and the event (§4.4.1, §8.2.1).
        guard let tag = try message.to.tag, let number = tags[tag], var watch = watches[number],
            var dialog = watch.dialog, dialog.localTag == tag, try message.callID == dialog.callID
        else { return (481, nil) }
        // RFC 6665 §4.1.3: 489 for a package that was not asked for.
        guard let event, event.package == watch.target.event.package else { return (489, nil) }
        guard event.id == watch.target.event.id, let remoteTag = try message.from.tag, !remoteTag.isEmpty else {
            return (481, nil)
        }
        guard let state = try message.subscriptionState else { throw SIPParseError("Missing Subscription-State") }
        if watch.isEstablished {
            // RFC 3856 §6.9: a subscription to presence is one dialog. Where SUBSCRIBE was forked, the first NOTIFY
            // made it and those of other branches are refused.
            guard dialog.remoteTag == remoteTag else { return (481, nil) }
            // RFC 3261 §12.2.2: out of order.
            guard try dialog.take(message) else { return (500, nil) }
        } else {
            // RFC 6665 §4.4.1: the first NOTIFY makes the dialog, route set included, whether or not the 200 to the
            // SUBSCRIBE has come.
            guard try dialog.take(message) else { return (500, nil) }
            dialog.remoteTag = remoteTag
            dialog.remote = message.value(.from)?.string ?? dialog.remote
            dialog.routeSet = try SubscriptionDialog.routes(of: message)
            watch.isEstablished = true
        }
        watch.dialog = dialog
        watches[number] = watch
        return (200, Taken(number: number, state: state))
    }

    private mutating func apply(
        _ taken: Taken, _ message: SIPMessage, at now: Instant, _ actions: inout [Action]
    ) {
        let number = taken.number
        deadlines.remove(.timerN(number))
        actions.append(
            .notified(
                number,
                Notification(
                    state: taken.state.state, body: Array(message.body),
                    contentType: message.body.isEmpty ? nil : (try? message.contentType).flatMap { $0 }?.essence,
                    entityTag: (try? message.sipETag).flatMap { $0 })))
        guard taken.state.state == .terminated else {
            if watches[number]?.target.expires == .zero { return }
            if now - watches[number]!.began >= Self.shortestLife { watches[number]!.failures = 0 }
            // RFC 6665 §4.1.3: `expires` in Subscription-State is the authority on how long it lasts.
            let granted = taken.state.expires.map { Interval.seconds($0) }
            if let granted { grant(number, until: now + granted, at: now) }
            // Timer N is for the SUBSCRIBE under way, and this NOTIFY may have been sent before it.
            if watches[number]!.isEnding, watches[number]!.hasSentEnd {
                deadlines.set(.timerN(number), to: now + Self.timerN)
            }
            return
        }
        if watches[number]!.isEnding || watches[number]!.target.expires == .zero {
            forget(number)
            actions.append(.ended(number, .done, retry: nil))
            return
        }
        let retryAfter = taken.state.retryAfter.map { Interval.seconds($0) }
        lose(number, .terminated(reason: taken.state.reason), retryAfter: retryAfter, at: now, &actions)
    }

    /// Ends the dialog of a subscription, and says when there is to be another one.
    mutating func lose(
        _ number: UInt64, _ end: End, retryAfter: Interval? = nil, at now: Instant, _ actions: inout [Action]
    ) {
        guard let watch = watches[number] else { return }
        if watch.isEnding || watch.target.expires == .zero {
            forget(number)
            actions.append(.ended(number, watch.isEnding ? .done : end, retry: nil))
            return
        }
        guard let wait = wait(after: end, watch, retryAfter: retryAfter, at: now) else {
            forget(number)
            actions.append(.ended(number, end, retry: nil))
            return
        }
        close(number)
        watches[number]!.dialog = nil
        watches[number]!.isEstablished = false
        watches[number]!.failures += 1
        deadlines.set(.next(number), to: now + wait)
        actions.append(.ended(number, end, retry: now + wait))
        if wait == .zero { proceed(number, at: now, &actions) }
    }

    /// How long to wait before subscribing again; nil: never.
    private mutating func wait(
        after end: End, _ watch: Watch, retryAfter: Interval?, at now: Instant
    ) -> Interval? {
        let asked = retryAfter.map { min($0, Self.longestWish) }
        let backOff = backOff(after: watch.failures + 1)
        // At once where the standard allows it and the last attempt held for a while; a notifier that keeps ending
        // what it granted must not be made to do so in a circle.
        let soon = watch.isEstablished && now - watch.began >= Self.shortestLife ? Interval.zero : backOff
        switch end {
        case .done: return nil
        case .noNotify, .expired: return soon
        case .terminated(let reason):
            switch reason {
            // RFC 6665 §4.1.3: retry immediately; `retry-after` means nothing.
            case "deactivated", "timeout": return soon
            // Do not try again.
            case "rejected", "noresource", "invariant": return nil
            // `probation`, `giveup`, unknown and none: not before `retry-after`, else when we like.
            default: return asked ?? backOff
            }
        case .refused(let status):
            switch status {
            // RFC 6665 §4.1.2.2: the notifier forgot the subscription: a new one.
            case 481: return soon
            // What may pass. RFC 3261 §21: Retry-After says when.
            case 408, 480, 486, 500, 502, 503, 504, 600: return max(asked ?? .zero, backOff)
            // 401, 403, 404, 405, 406, 416, 489, 501, 603, 604 and the rest: the same request would fail again.
            default: return asked
            }
        }
    }

    /// Leaves the dialog: what still comes in it is answered with 481.
    private mutating func close(_ number: UInt64) {
        guard let watch = watches[number] else { return }
        if let tag = watch.dialog?.localTag { tags[tag] = nil }
        if let token = watch.outstanding { outstanding[token] = nil }
        watches[number]!.outstanding = nil
        deadlines.remove(.next(number))
        deadlines.remove(.timerN(number))
        deadlines.remove(.expiry(number))
    }

    mutating func forget(_ number: UInt64) {
        close(number)
        watches[number] = nil
    }
}
