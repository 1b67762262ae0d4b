import Primitives
import SIPMessages
import SIPStack

/// NOTIFY: one at a time for each subscription, and always the newest state (RFC 6665 §4.2.2).
extension PresenceAgent {
    /// How often a NOTIFY may fail in a row for a passing reason before the watcher is given up.
    private static let maximumFailures = 6

    /// Notes that a watcher has not seen the newest state, and tells it unless a NOTIFY is on its way: then the answer
    /// to that one brings the next, with whatever is newest then. So nothing queues up behind a slow watcher.
    mutating func needsNotify(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard subscriptions[number] != nil else { return }
        subscriptions[number]!.needsNotify = true
        // After a failure, or a restart, the time for the next attempt is set: news until then goes along with it.
        let waits = deadlines[.notify(number)] != nil && subscriptions[number]!.isActive
        if subscriptions[number]!.outstanding == nil, !waits { notify(number, at: now, &actions) }
    }

    /// Sends what is newest, if that is still wanted.
    mutating func notify(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard var subscription = subscriptions[number], subscription.needsNotify, subscription.outstanding == nil else {
            return
        }
        if subscription.isActive, subscription.expires <= now {
            // Something else that was due at the same time came first.
            return expireSubscription(number, at: now, &actions)
        }
        deadlines.remove(.notify(number))
        var headers: [(HeaderName, String)] = [
            (.contact, contact(on: subscription.flow)), (.event, subscription.event),
        ]
        var body: [UInt8] = []
        switch subscription.phase {
        case .active:
            // RFC 6665 §4.2.2: an active subscription says how long it lasts yet.
            let left = (subscription.expires - now).secondsRoundedUp
            headers.append((.subscriptionState, "active;expires=\(left)"))
            body = shown(to: subscription)
        case .terminated(let reason, let withState):
            headers.append((.subscriptionState, "terminated;reason=\(reason)"))
            if withState { body = shown(to: subscription) }
        }
        if !body.isEmpty {
            // Between nodes the version says which of two documents of a node is the newer one, whatever path it came by.
            if subscription.isOverlay {
                headers.append((.sipETag, "\(localVersion(of: subscription.presentity, at: now))"))
            }
            headers.append((.contentType, PIDF.contentType))
        }
        let token = RequestToken(nextNumber())
        let request = subscription.dialog.request(.notify, headers: headers, body: body)
        subscription.needsNotify = false
        subscription.outstanding = token
        outstanding[token] = number
        // After a restart no CSeq number may come twice (RFC 3261 §12.2.1.1), so numbers are reserved in the journal
        // before they are used, many at once.
        if subscription.isActive, subscription.dialog.localSequence >= subscription.reservedSequence {
            keep(&subscription, &actions)
        }
        subscriptions[number] = subscription
        actions.append(.sendRequest(token, request, to: nextHop(of: subscription)))
    }

    /// The path that the SUBSCRIBE came over, which also reaches watchers behind a NAT; nil when it is gone.
    private func nextHop(of subscription: Subscription) -> NextHop? {
        if case .node(let node) = subscription.flow.remote { return .node(node) }
        return subscription.isFlowUsable ? .flow(subscription.flow) : nil
    }

    /// The answer to a NOTIFY.
    mutating func notified(_ token: RequestToken, _ response: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        guard let status = response.statusCode, status >= 200 else { return }
        guard status < 300, let number = outstanding[token] else {
            let retry = (try? response.retryAfter).flatMap { $0 }.map { Interval.seconds($0.seconds) }
            notifyFailed(token, status: status, retryAfter: retry, at: now, &actions)
            return
        }
        outstanding[token] = nil
        subscriptions[number]!.outstanding = nil
        subscriptions[number]!.failures = 0
        if subscriptions[number]!.needsNotify {
            notify(number, at: now, &actions)
        } else if !subscriptions[number]!.isActive {
            // RFC 6665 §4.4.1: with the answer to its last NOTIFY the subscription and its dialog are gone.
            discard(number, &actions)
        }
    }

    mutating func notifyFailed(
        _ token: RequestToken, status: Int, retryAfter: Interval? = nil, at now: Instant, _ actions: inout [Action]
    ) {
        guard let number = outstanding.removeValue(forKey: token), var subscription = subscriptions[number] else {
            return
        }
        subscription.outstanding = nil
        subscription.needsNotify = true
        subscription.failures += 1
        // RFC 3261 §18.4 reports a broken connection as a 503: the watcher's contact may still be reached another way.
        let isOnFlow = subscription.isFlowUsable && subscription.flow.transport.isReliable && !subscription.isOverlay
        if status == 503, isOnFlow, subscription.failures == 1 {
            subscription.isFlowUsable = false
            subscriptions[number] = subscription
            notify(number, at: now, &actions)
            return
        }
        subscriptions[number] = subscription
        if Self.endsSubscription(status) || subscription.failures >= Self.maximumFailures || !subscription.isActive {
            if subscription.isActive {
                actions.append(
                    .observe(
                        .watcherDropped(
                            watcher: subscription.watcher, presentity: subscription.presentity, status: status)))
            }
            end(number, nil, at: now, &actions)
            discard(number, &actions)
            return
        }
        // RFC 6665 §4.2.2: the subscription outlives other failures. What the watcher has missed is tried again, later
        // each time: 5 s, 10 s, … 160 s, or when it asked for.
        let backOff = Interval.seconds(5 << (subscription.failures - 1))
        let wait = max(backOff, min(retryAfter ?? .zero, configuration.maximumExpires))
        deadlines.set(.notify(number), to: now + wait)
    }

    /// Whether a NOTIFY that failed this way ends its subscription.
    ///
    /// RFC 6665 §4.2.2: a time-out should end it, and 404, 405, 410, 416, 480 to 485, 489, 501 and 604 must.
    private static func endsSubscription(_ status: Int) -> Bool {
        switch status {
        case 404, 405, 408, 410, 416, 480...485, 489, 501, 604: true
        default: false
        }
    }
}
