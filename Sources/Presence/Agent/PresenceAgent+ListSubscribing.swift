import Primitives
import SIPMessages

/// Subscriptions to lists, and the subscriptions behind them (RFC 4662 §4, RFC 5367 §5).
extension PresenceAgent {
    /// What a SUBSCRIBE that begins a subscription asks for, if that is a list.
    func list(
        askedForBy message: SIPMessage, _ subscription: Subscription
    ) throws(SIPParseError) -> ListSubscription? {
        let uri = message.requestURIText
        guard uri.utf8.count <= ListMember.maximumURI else { throw SIPParseError(status: 414, "The URI is too long") }
        let dialect = ListDialect(userAgent: message.value(.userAgent)?.string)
        if try EventList.isContained(in: message) {
            let members = flattened(try EventList.members(of: message), for: subscription.identity)
            return ListSubscription(.request, uri: uri, members: members, dialect: dialect)
        }
        guard !subscription.isOverlay, let found = service(subscription.presentity, for: subscription.identity) else {
            return nil
        }
        let members = flattened(found.service.members, for: subscription.identity)
        return ListSubscription(.service(owner: found.owner), uri: uri, members: members, dialect: dialect)
    }

    /// Turns away a SUBSCRIBE for a list that can't be served to who sent it.
    /// - Returns: whether that happened.
    mutating func refuses(
        _ message: SIPMessage, for subscription: Subscription, from origin: Origin, _ actions: inout [Action]
    ) throws(SIPParseError) -> Bool {
        guard let list = subscription.list else { return false }
        // RFC 4662 §4.1, RFC 3261 §21.4.16: nobody can be told of a list who does not understand it; 421 says what that
        // takes.
        let requires = try message.require.contains { $0.lowercased() == EventList.optionTag }
        guard requires || message.supports(EventList.optionTag) else {
            refuse(message, 421, headers: [(.require, EventList.optionTag)], from: origin, &actions)
            return true
        }
        guard EventList.isAcceptable(try message.accept) else {
            let accept = "\(EventList.accept), \(subscription.package.documentType)"
            refuse(message, 406, headers: [(.accept, accept)], from: origin, &actions)
            return true
        }
        guard case .service(let owner) = list.origin, let service = services[owner]?[subscription.presentity] else {
            return false
        }
        // RFC 4826 §4.5: 489 for a package that the service is not for, 502 when its list is not where it says.
        guard service.serves(subscription.package) else {
            refuse(message, 489, headers: [(.allowEvents, configuration.allowEvents)], from: origin, &actions)
            return true
        }
        guard service.isResolved else {
            refuse(message, 502, "The list can't be found", from: origin, &actions)
            return true
        }
        return false
    }

    /// Turns away a list in a body that can't be read, or one that comes too late.
    /// - Returns: whether that happened.
    mutating func refusesBody(
        of message: SIPMessage, from origin: Origin, _ actions: inout [Action]
    ) throws(SIPParseError) -> Bool {
        guard try EventList.isContained(in: message), try message.to.tag == nil || !message.body.isEmpty else {
            return false
        }
        // RFC 3261 §21.4.13: 415 says which types would do.
        guard try message.contentType?.essence == ResourceLists.contentType else {
            refuse(message, 415, headers: [(.accept, ResourceLists.contentType)], from: origin, &actions)
            return true
        }
        return false
    }

    /// Whether the body of a SUBSCRIBE within a dialog changes nothing.
    ///
    /// RFC 5367 §5.1: a list in it has no meaning. Clients that send all of their first request again are let through as
    /// long as the list is the one that they have.
    func isBodyWithoutMeaning(_ message: SIPMessage, for subscription: Subscription) throws(SIPParseError) -> Bool {
        guard !message.body.isEmpty, try message.contentType?.essence == ResourceLists.contentType else { return true }
        // There it names documents, and may name others than before (RFC 5875 §4.4).
        guard subscription.documents == nil else { return true }
        guard let list = subscription.list, list.origin == .request else { return false }
        return flattened(try EventList.members(of: message), for: subscription.identity) == list.members
    }

    /// Subscribes to everybody in a list on behalf of its subscriber.
    mutating func enrolMembers(of number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let subscription = subscriptions[number], let list = subscription.list else { return }
        subscriptions[number]!.list!.isUnderWay = subscription.isLive
        if subscription.isLive, case .service = list.origin, case .authenticated(let user) = subscription.identity {
            if listSubscriptions[user] == nil { actions.append(.followLists(of: user)) }
            listSubscriptions[user, default: []].insert(number)
        }
        beginBackEnds(of: number, at: now, &actions)
    }

    /// Subscribes to those members to whom there is no subscription.
    private mutating func beginBackEnds(of number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let list = subscriptions[number]?.list else { return }
        for (position, member) in list.members.enumerated() {
            guard case .ended = list.backEnds[position] else { continue }
            let backEnd = beginBackEnd(of: number, at: position, member, now, &actions)
            subscriptions[number]!.list!.backEnds[position] = backEnd
        }
    }

    /// Subscribes to one member.
    ///
    /// RFC 4662 §7.2: each subscriber has back-end subscriptions of its own, which the member's rules decide about as
    /// about any other.
    private mutating func beginBackEnd(
        of number: UInt64, at position: Int, _ member: ListMember, _ now: Instant, _ actions: inout [Action]
    ) -> ListSubscription.BackEnd {
        guard let list = subscriptions[number] else { return .notBegun }
        guard let presentity = member.presentity else { return .ended(reason: "noresource") }
        var subscription = list.backEnd(
            for: presentity, ListMembership(list: number, position: position), localTag: random.token())
        let decision = decision(on: subscription, at: now)
        observe(decision, on: subscription, &actions)
        guard decision.handling != .block else { return .ended(reason: "rejected") }
        subscription.decision = decision
        subscription.state = WatcherState(subscribing: decision.handling)
        // It is tried again with the next refresh.
        guard hasRoom(for: subscription) else { return .notBegun }
        endWaiting(of: subscription.identity, for: presentity, at: now, &actions)
        let backEnd = nextNumber()
        sourceCounts[subscription.source, default: 0] += 1
        subscriptions[backEnd] = subscription
        if list.isLive {
            enrol(backEnd, subscription, at: now, &actions)
        } else {
            // RFC 6665 §4.4.3: a fetch of a list fetches what is known of each member.
            subscriptions[backEnd]!.end(.timeout, reason: "timeout", withState: true)
            if let ended = subscriptions[backEnd], ended.state.status == .waiting {
                startWaiting(ended, at: now, &actions)
            }
        }
        return .subscription(backEnd)
    }

    /// The subscriptions behind a list last as long as the list's; those that came to nothing are tried again.
    mutating func refreshMembers(of number: UInt64, at now: Instant, _ actions: inout [Action]) {
        guard let subscription = subscriptions[number], let list = subscription.list else { return }
        for case .subscription(let backEnd) in list.backEnds {
            subscriptions[backEnd]?.expires = subscription.expires
            subscriptions[backEnd]?.flow = subscription.flow
        }
        beginBackEnds(of: number, at: now, &actions)
    }

    /// Puts other members in the place of those that a list had. RFC 4662 §5.6.1: a notification in full tells that, as
    /// it leaves nothing of the members before.
    mutating func replaceMembers(
        of number: UInt64, by members: [ListMember], at now: Instant, _ actions: inout [Action]
    ) {
        guard var list = subscriptions[number]?.list else { return }
        let gone = list.replaceMembers(by: members)
        subscriptions[number]!.list = list
        for (position, backEnd) in list.backEnds.enumerated() {
            if case .subscription(let kept) = backEnd { subscriptions[kept]?.membership?.position = position }
        }
        for backEnd in gone {
            end(backEnd, .unsubscribed, at: now, &actions)
            discard(backEnd, &actions)
        }
        beginBackEnds(of: number, at: now, &actions)
        if var subscription = subscriptions[number] {
            keep(&subscription, &actions)
            subscriptions[number] = subscription
        }
        tellSoon(number, at: now, &actions)
    }

    /// Ends what lies behind a list. For a last notification with the state, as after a fetch, it stays until that is
    /// out.
    mutating func endMembers(
        of number: UInt64, _ reason: PresenceObservation.StopReason?, at now: Instant, _ actions: inout [Action]
    ) {
        guard let subscription = subscriptions[number], subscription.list?.isUnderWay == true else { return }
        subscriptions[number]!.list!.isUnderWay = false
        actions.append(.forget(.subscription, key: Array(subscription.dialog.localTag.utf8)))
        for case .subscription(let backEnd) in subscription.list!.backEnds {
            if let ending = subscription.ending {
                subscriptions[backEnd]?.end(
                    subscription.state.event, reason: ending.reason, withState: ending.withState)
            }
            end(backEnd, reason, at: now, &actions)
        }
    }

    /// Forgets that somebody subscribes to a list.
    mutating func releaseList(_ number: UInt64, of watcher: WatcherIdentity, _ actions: inout [Action]) {
        guard case .authenticated(let user) = watcher, listSubscriptions[user]?.remove(number) != nil,
            listSubscriptions[user]?.isEmpty == true
        else { return }
        listSubscriptions[user] = nil
        actions.append(.unfollowLists(of: user))
    }
}
