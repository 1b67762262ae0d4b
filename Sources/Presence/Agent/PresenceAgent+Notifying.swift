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
        guard let subscription = subscriptions[number] else { return }
        guard subscription.membership == nil else { return tellList(ofMember: number, at: now, &actions) }
        subscriptions[number]!.needsNotify = true
        holdBack(number, at: now)
        // After a failure, or a restart, the time for the next attempt is set: news until then goes along with it.
        let waits = deadlines[.notify(number)] != nil && subscriptions[number]!.isLive
        if subscriptions[number]!.outstanding == nil, !waits { notify(number, at: now, &actions) }
    }

    /// Sends what is newest, if that is still wanted.
    mutating func notify(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard subscriptions[number]?.membership == nil else { return tellList(ofMember: number, at: now, &actions) }
        guard var subscription = subscriptions[number], subscription.needsNotify, subscription.outstanding == nil else {
            return
        }
        if subscription.isLive, subscription.expires <= now {
            // Something else that was due at the same time came first.
            return expireSubscription(number, at: now, &actions)
        }
        deadlines.remove(.notify(number))
        // It goes out when what it tells of is known.
        guard !subscription.awaitsDocuments else { return }
        let suppression = suppression(of: number, at: now)
        if let suppression {
            subscription = subscriptions[number]!
            guard !suppression.isWhole else {
                subscriptions[number]!.needsNotify = false
                return waitToRepeat(number, at: now)
            }
        }
        var headers: [(HeaderName, String)] = [
            (.contact, contact(on: subscription.flow)), (.event, event(of: subscription, paces[number])),
            (.subscriptionState, state(of: subscription, paces[number], at: now)),
        ]
        let (fields, body) = suppression.map { ($0.headers, []) } ?? content(for: &subscription, at: now)
        headers += fields
        let token = RequestToken(nextNumber())
        let request = subscription.dialog.request(.notify, headers: headers, body: body)
        subscription.needsNotify = false
        subscription.outstanding = token
        outstanding[token] = number
        // After a restart no CSeq number may come twice (RFC 3261 §12.2.1.1), so numbers are reserved in the journal
        // before they are used, many at once.
        if subscription.isLive, subscription.dialog.localSequence >= subscription.reservedSequence {
            keep(&subscription, &actions)
        }
        subscriptions[number] = subscription
        wasNotified(number, at: now)
        tellRest(of: number)
        actions.append(.sendRequest(token, request, to: nextHop(of: subscription)))
    }

    /// The body of the next NOTIFY and what its header says of it; what is in it is told then.
    private mutating func content(
        for subscription: inout Subscription, at now: Instant
    ) -> (headers: [(HeaderName, String)], body: [UInt8]) {
        if subscription.list != nil {
            let (type, body) = listContent(for: &subscription, at: now)
            // RFC 4662 §4.1: who can't read lists must not take the NOTIFY for something else.
            return ([(.require, EventList.optionTag), (.contentType, type)], body)
        }
        let document = body(for: &subscription, at: now)
        guard !document.isEmpty else {
            subscription.partial.tellAll()
            return ([], [])
        }
        let (type, body) =
            partialContent(for: &subscription, document)
            ?? (subscription.package.documentType.essence, document)
        var headers = [(HeaderName.contentType, type)]
        if let tag = entityTag(of: document, for: subscription) { headers.insert((.sipETag, tag), at: 0) }
        // Between nodes the version says which of two documents of a node is the newer one, whatever path it came by.
        if subscription.isOverlay {
            let version =
                switch subscription.package.state {
                case nil: nextVersion(at: now)
                case _ where subscription.isElsewhere: subscription.toldVersion
                default: localVersion(of: subscription.resource, at: now)
                }
            headers.insert((.sipETag, "\(version)"), at: 0)
        }
        return (headers, body)
    }

    /// What Event says, as the watcher's phone reads it.
    private func event(of subscription: Subscription, _ pace: NotificationPace?) -> String {
        let event = pace?.event ?? subscription.event
        return subscription.list?.dialect.event(event) ?? event
    }

    /// What Subscription-State says.
    private func state(of subscription: Subscription, _ pace: NotificationPace?, at now: Instant) -> String {
        if let ending = subscription.ending { return "terminated;reason=\(ending.reason)" }
        // RFC 6665 §4.2.2: a subscription that is active or pending says how long it lasts yet.
        let left = (subscription.expires - now).secondsRoundedUp
        return
            "\(subscription.state.status == .pending ? "pending" : "active");expires=\(left)\(pace?.rates.parameters ?? Parameters())"
    }

    /// What the next NOTIFY tells, which is told then; empty for nothing.
    mutating func body(for subscription: inout Subscription, at now: Instant) -> [UInt8] {
        decideOnLast(&subscription, at: now)
        // RFC 5025 §3.2.1: as long as it is pending there is no document.
        let isShown = subscription.ending?.withState ?? (subscription.state.status == .active)
        // RFC 3858 §3, RFC 4235 §3.2, RFC 3680 §5.1: versions begin with 0 and grow by one with each document, as CSeq
        // numbers do from 1 with each NOTIFY, and those outlive a restart.
        let version = subscription.dialog.localSequence
        if let package = subscription.package.state {
            // Of a fetch nothing is kept.
            open(subscription.resource, at: now)
            defer { dropIfEmpty(subscription.resource) }
            let body = isShown ? shown(to: subscription) : []
            let told = isShown && !subscription.isNode ? body : nil
            if subscription.isElsewhere, let told, told != subscription.told {
                subscription.toldVersion = nextVersion(at: now)
            }
            subscription.told = told
            if body.isEmpty || subscription.isOverlay { return body }
            return package.document(subscription.filtered(body), version: version)
        }
        guard isShown else { return [] }
        if let root = configuration.xcapRoot, subscription.documents != nil {
            subscription.quietUntil = now + configuration.documentPause
            return subscription.documents!.body(root: root)
        }
        subscription.quietUntil = now + configuration.watcherInformationPause
        // A node composes what it is told, and has no use for parts.
        if subscription.isOverlay { subscription.changes.tellAll() }
        let told = subscription
        return subscription.changes.take(
            of: told.presentity, watchers: watchers(toldTo: told), version: version, at: now)
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
        takeRates(of: response, for: number, at: now, &actions)
        if subscriptions[number]!.needsNotify {
            // What came during a pause goes out when that is over.
            if deadlines[.notify(number)] == nil || !subscriptions[number]!.isLive {
                notify(number, at: now, &actions)
            }
        } else if !subscriptions[number]!.isLive {
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
        // RFC 3858 §4: partial state is of no use to who missed what came before.
        subscription.tellAll()
        // RFC 3261 §18.4 reports a broken connection as a 503: the watcher's contact may still be reached another way.
        let isOnFlow = subscription.isFlowUsable && subscription.flow.transport.isReliable && !subscription.isOverlay
        if status == 503, isOnFlow, subscription.failures == 1 {
            subscription.isFlowUsable = false
            subscriptions[number] = subscription
            notify(number, at: now, &actions)
            return
        }
        subscriptions[number] = subscription
        if Self.endsSubscription(status) || subscription.failures >= Self.maximumFailures || !subscription.isLive {
            if subscription.isLive {
                actions.append(
                    .observe(
                        .watcherDropped(
                            watcher: subscription.watcher, subscription.resource, status: status)))
            }
            end(number, nil, at: now, &actions)
            discard(number, &actions)
            return
        }
        // RFC 6665 §4.2.2: the subscription outlives other failures. What the watcher has missed is tried again, later
        // each time: 5 s, 10 s, … 160 s, or when it asked for.
        let backOff = Interval.seconds(5 << (subscription.failures - 1))
        let wait = max(backOff, min(retryAfter ?? .zero, configuration.maximumExpires), subscription.quietUntil - now)
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
