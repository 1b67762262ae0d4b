import Primitives
import SIPMessages
import SIPStack

/// The notifier's side of SUBSCRIBE (RFC 6665 §4.2.1, RFC 3856 §6.6).
extension PresenceAgent {
    mutating func subscribe(
        _ message: SIPMessage, from origin: Origin, at now: Instant, _ actions: inout [Action]
    ) {
        do {
            // RFC 6665 §4.2.1.1 and §4.2.3: 489 for a package not served here and for none at all; RFC 6665 §8.2.2
            // wants to hear which ones are.
            guard let event = try message.event, let package = EventPackage(rawValue: event.package),
                configuration.packages.contains(package)
            else {
                let allowed = [(HeaderName.allowEvents, configuration.allowEvents)]
                return refuse(message, 489, headers: allowed, from: origin, &actions)
            }
            let unsupported = try message.require.filter { !EventList.optionTags.contains($0.lowercased()) }
            // RFC 3261 §8.2.2.3: what is required and not understood is listed in a 420.
            guard unsupported.isEmpty else {
                let listed = [(HeaderName.unsupported, unsupported.joined(separator: ", "))]
                return refuse(message, 420, headers: listed, from: origin, &actions)
            }
            // RFC 6665 §4.1.2.1: 406 when no type that a NOTIFY could carry is accepted.
            guard package.isAcceptable(try message.accept) else {
                return refuse(message, 406, headers: [(.accept, package.documentType.essence)], from: origin, &actions)
            }
            // What can't be read is refused before anything is changed.
            _ = try message.suppressIfMatch
            guard try !refusesBody(of: message, from: origin, &actions) else { return }
            // RFC 6665 §4.2.1.1: 423 only for more than nothing and less than both an hour and the minimum.
            let requested = message.expires.map { Interval.seconds($0) } ?? configuration.defaultExpires
            guard requested == .zero || requested >= min(configuration.minimumExpires, .hours(1)) else {
                let minimum = [(HeaderName.minExpires, "\(configuration.minimumExpires.secondsRoundedUp)")]
                return refuse(message, 423, headers: minimum, from: origin, &actions)
            }
            // RFC 6665 §4.2.1.1: the time may be shortened, never lengthened.
            let granted = min(requested, configuration.maximumExpires)
            if let tag = try message.to.tag {
                try refresh(message, event, toTag: tag, for: granted, from: origin, at: now, &actions)
            } else {
                try begin(message, event, package, for: granted, from: origin, at: now, &actions)
            }
        } catch {
            refuse(message, error.status, error.reason, from: origin, &actions)
        }
    }

    /// A SUBSCRIBE outside a dialog: a new subscription, or a fetch.
    private mutating func begin(
        _ message: SIPMessage, _ event: EventHeader, _ package: EventPackage, for granted: Interval,
        from origin: Origin, at now: Instant, _ actions: inout [Action]
    ) throws(SIPParseError) {
        guard let presentity = message.requestURI?.addressOfRecord else {
            return refuse(message, 404, from: origin, &actions)
        }
        guard event.description.utf8.count <= Self.maximumEventLength else {
            throw SIPParseError("The event is too long")
        }
        let dialog = try SubscriptionDialog(accepting: message, localTag: random.token())
        var subscription = Subscription(
            presentity: presentity, watcher: try watcher(of: message, from: origin),
            identity: try identity(of: message, from: origin), package: package, event: event.description,
            dialog: dialog, flow: origin.flow, begun: now, expires: now + granted,
            state: WatcherState(subscribing: .block))
        subscription.list = try list(askedForBy: message, subscription)
        guard try !refuses(message, for: subscription, from: origin, &actions) else { return }
        guard try takesWishes(of: message, &subscription, from: origin, &actions) else { return }
        guard try selectsDocuments(message, event, &subscription, from: origin, &actions) != nil else { return }
        let name = DialogName(callID: dialog.callID, remoteTag: dialog.remoteTag)
        guard replace(name, by: subscription, message, from: origin, at: now, &actions) else { return }
        // RFC 3856 §6.6.2: nobody is accepted without authorization. RFC 5025 §3.2.1, RFC 6665 §4.2.1.3: who is blocked
        // hears 403.
        let decision = decision(on: subscription, at: now)
        observe(decision, on: subscription, &actions)
        guard decision.handling != .block else { return refuse(message, 403, from: origin, &actions) }
        subscription.decision = decision
        subscription.state = WatcherState(subscribing: decision.handling)
        guard hasRoom(for: subscription) else {
            return refuse(message, 503, headers: [(.retryAfter, "60")], from: origin, &actions)
        }
        endWaiting(of: subscription.identity, for: presentity, at: now, &actions)
        let number = nextNumber()
        dialogs[name] = number
        sourceCounts[subscription.source, default: 0] += 1
        if granted == .zero {
            // RFC 6665 §4.4.3: a fetch gets the state once, in a NOTIFY that ends what was hardly begun.
            subscription.end(.timeout, reason: "timeout", withState: true)
            subscriptions[number] = subscription
        } else {
            keep(&subscription, &actions)
            subscriptions[number] = subscription
            deadlines.set(.subscription(number), to: subscription.expires)
        }
        pace(number, at: now)
        takeCondition(of: message, number, reported: nil)
        accept(message, subscription, for: granted, from: origin, &actions)
        if subscription.list != nil {
            enrolMembers(of: number, at: now, &actions)
        } else if granted > .zero {
            enrol(number, subscription, at: now, &actions)
        }
        followDocuments(of: subscription, number, &actions)
        // RFC 6665 §4.2.1.2: a NOTIFY with the full state at once, after every SUBSCRIBE that was accepted.
        needsNotify(number, at: now, &actions)
        if subscription.state.status == .waiting { startWaiting(subscription, at: now, &actions) }
    }

    /// Makes way for a subscription under the name that a watcher gave an earlier one.
    /// - Returns: false when the request was turned away for it.
    private mutating func replace(
        _ name: DialogName, by subscription: Subscription, _ message: SIPMessage, from origin: Origin, at now: Instant,
        _ actions: inout [Action]
    ) -> Bool {
        guard let number = dialogs[name], let known = subscriptions[number] else { return true }
        // Nobody ends another's subscription by using its Call-ID and tag.
        guard known.watcher == subscription.watcher, known.identity == subscription.identity else {
            refuse(message, 403, from: origin, &actions)
            return false
        }
        // RFC 3261 §8.2.2.2: the same request by another path was merged with the first.
        if known.dialog.remoteSequence == subscription.dialog.remoteSequence {
            refuse(message, 482, from: origin, &actions)
            return false
        }
        // A watcher that begins anew under the same name has forgotten the dialog it had: two subscriptions would tell
        // it everything twice.
        end(number, .replaced, at: now, &actions)
        discard(number, &actions)
        return true
    }

    /// In bytes. It is kept with the subscription; clients send the package and at most a short `id`.
    private static let maximumEventLength = 256

    /// Whether there is room for one more subscription.
    func hasRoom(for subscription: Subscription) -> Bool {
        let count = resources[subscription.resource]?.watchers.count ?? 0
        let isWithin =
            switch subscription.package {
            case _ where subscription.list != nil: true
            case .watcherInformation, .documents: count < configuration.maximumInformedPerPresentity
            default: count < configuration.maximumSubscriptionsPerPresentity
            }
        return isWithin && subscriptions.count < configuration.maximumSubscriptions
            && hasRoom(for: subscription.source)
    }

    private func hasRoom(for source: Subscription.Source) -> Bool {
        let limit =
            switch source {
            case .user: configuration.maximumSubscriptionsPerUser
            case .node: configuration.maximumSubscriptionsPerNode
            }
        return sourceCounts[source, default: 0] < limit
    }

    /// Who watches: who was authenticated, or what From says.
    private func watcher(of message: SIPMessage, from origin: Origin) throws(SIPParseError) -> String {
        let from = try message.from.uri
        return (origin.authenticated ?? from.addressOfRecord)?.description ?? from.description
    }

    /// Who watches, for rules.
    private func identity(of message: SIPMessage, from origin: Origin) throws(SIPParseError) -> WatcherIdentity {
        WatcherIdentity(authenticated: origin.authenticated, claimed: try message.from.uri.addressOfRecord)
    }

    /// Puts a subscription among the watchers of its presentity.
    mutating func enrol(
        _ number: UInt64, _ subscription: Subscription, at now: Instant, _ actions: inout [Action]
    ) {
        let resource = subscription.resource
        open(resource, at: now)
        resources[resource]!.watchers.append(number)
        if !subscription.isOverlay, resource.package.isElsewhere {
            resources[resource]!.localWatchers += 1
            if resources[resource]!.localWatchers == 1 { actions.append(.watchRemote(resource)) }
            beginAsking(resource, for: subscription.identity, &actions)
        }
        watchingNodesMayBeOthers(of: resource, &actions)
        guard resource.package.state != nil else { return }
        if subscription.isElsewhere {
            classMayBeNew(of: resource, at: now, &actions)
        }
        actions.append(.observe(.watching(watcher: subscription.watcher, resource)))
        inform(about: subscription, at: now, &actions)
    }

    /// A SUBSCRIBE within a dialog: a refresh, or the end.
    private mutating func refresh(
        _ message: SIPMessage, _ event: EventHeader, toTag: String, for granted: Interval, from origin: Origin,
        at now: Instant, _ actions: inout [Action]
    ) throws(SIPParseError) {
        let name = DialogName(callID: try message.callID, remoteTag: try message.from.tag ?? "")
        // RFC 6665 §4.1.2.2, RFC 3261 §12.2.2: 481 for a dialog that is not there, or not any more.
        guard let number = dialogs[name], var subscription = subscriptions[number], subscription.isLive,
            subscription.dialog.localTag == toTag
        else { return refuse(message, 481, from: origin, &actions) }
        // Nobody but the watcher itself changes where its NOTIFYs go (RFC 6665 §6.1).
        guard subscription.watcher == (try watcher(of: message, from: origin)),
            subscription.identity == (try identity(of: message, from: origin)),
            subscription.isOverlay == (origin.flow.transport == .overlay)
        else { return refuse(message, 403, from: origin, &actions) }
        // RFC 6665 §4.5.2: another package or `id` would be a second subscription in this dialog, which is not offered;
        // 403 says so.
        guard event.package == subscription.package.rawValue,
            event.id == (try? EventHeader(HeaderText(subscription.event)))?.id
        else { return refuse(message, 403, "Dialog sharing is not supported", from: origin, &actions) }
        guard event.description.utf8.count <= Self.maximumEventLength else {
            throw SIPParseError("The event is too long")
        }
        guard try isBodyWithoutMeaning(message, for: subscription) else {
            return refuse(message, 415, from: origin, &actions)
        }
        guard try takesWishes(of: message, &subscription, from: origin, &actions) else { return }
        guard let isOther = try selectsDocuments(message, event, &subscription, from: origin, &actions) else { return }
        // RFC 3261 §12.2.2: a request that is out of order is answered with 500.
        guard try subscription.dialog.take(message) else {
            return refuse(message, 500, "CSeq out of order", from: origin, &actions)
        }
        guard move(&subscription, to: origin.flow, isEnding: granted == .zero) else {
            return refuse(message, 503, headers: [(.retryAfter, "60")], from: origin, &actions)
        }
        subscription.event = event.description
        deadlines.remove(.notify(number))
        subscription.failures = 0
        subscriptions[number] = subscription
        takeCondition(of: message, number, reported: subscription.state.status)
        let isSuppressed = suppressesNotify(after: number, at: now)
        subscription.tellAll()
        if granted > .zero {
            subscription.expires = now + granted
            keep(&subscription, &actions)
            subscriptions[number] = subscription
            deadlines.set(.subscription(number), to: subscription.expires)
            pace(number, at: now)
            accept(message, subscription, isSuppressed, for: granted, from: origin, &actions)
            refreshMembers(of: number, at: now, &actions)
            if isOther { followDocuments(of: subscription, number, &actions) }
        } else {
            // RFC 6665 §4.2.1.4: an expiry of 0 ends the subscription with a NOTIFY; the state is in it, as in a fetch,
            // unless it has yet to be found out.
            subscription.end(.timeout, reason: "timeout", withState: !subscription.awaitsDocuments)
            subscriptions[number] = subscription
            accept(message, subscription, isSuppressed, for: granted, from: origin, &actions)
            end(number, .unsubscribed, at: now, &actions)
            // RFC 5839 §5.7: with the 204 it is over.
            if isSuppressed { discard(number, &actions) }
        }
        guard !isSuppressed else { return }
        needsNotify(number, at: now, &actions)
    }

    /// The watcher may have moved to another connection, or behind another node.
    /// - Returns: whether there is room for it there.
    private mutating func move(_ subscription: inout Subscription, to flow: Flow, isEnding: Bool) -> Bool {
        let source = subscription.source
        subscription.flow = flow
        subscription.isFlowUsable = true
        guard subscription.source != source else { return true }
        guard isEnding || hasRoom(for: subscription.source) else { return false }
        release(source)
        sourceCounts[subscription.source, default: 0] += 1
        return true
    }

    /// Has a subscription kept, with CSeq numbers reserved for NOTIFYs to come.
    mutating func keep(_ subscription: inout Subscription, _ actions: inout [Action]) {
        // Those of a list are versions as well, and have no gap (RFC 4662 §5.2): they are kept one by one.
        let ahead = subscription.list == nil ? Subscription.reservedAtOnce : 0
        subscription.reservedSequence = subscription.dialog.localSequence &+ ahead
        actions.append(
            .persist(
                .subscription, key: Array(subscription.dialog.localTag.utf8), value: subscription.encoded))
    }

    /// RFC 6665 §4.2.1.1: 200 with the time granted; §8.2: with a Contact for refreshes. §8.3.1: no 202 while it is
    /// pending; the NOTIFY says so.
    private func accept(
        _ message: SIPMessage, _ subscription: Subscription, _ isSuppressed: Bool = false, for granted: Interval,
        from origin: Origin,
        _ actions: inout [Action]
    ) {
        var headers: [(HeaderName, String)] = [
            (.expires, "\(granted.secondsRoundedUp)"), (.contact, contact(on: origin.flow)),
            (.allowEvents, configuration.allowEvents),
        ]
        // RFC 4662 §4.1: the answer says that what comes will be a list.
        if subscription.list != nil { headers.append((.require, EventList.optionTag)) }
        // RFC 5839 §7.1: 204 says that no NOTIFY will come.
        let (status, reason) = isSuppressed ? (204, "No Notification") : (200, "OK")
        let response = message.response(status, reason, toTag: subscription.dialog.localTag, headers: headers)
        actions.append(.respond(origin.transaction, response))
    }

    /// Where requests of this dialog reach this node: over the overlay its name there, else the listener.
    func contact(on flow: Flow) -> String {
        if flow.transport == .overlay { return "<\(OverlayHost.uri(of: configuration.nodeID))>" }
        var uri = SIPURI(flow.local, transport: flow.transport)
        if let host = configuration.advertisedHost, flow.local.address.isUnspecified { uri.host = host }
        return "<\(uri)>"
    }
}
