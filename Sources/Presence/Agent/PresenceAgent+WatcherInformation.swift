import Primitives
import SIPMessages

/// Telling presentities who watches them (RFC 3857 §4).
extension PresenceAgent {
    /// How many a node tells another of; those come first about whom the presentity may have to decide.
    static let maximumToldToNode = 200

    /// Everybody of whom a device of the presentity is told, those who wait included: in the order in which they came here,
    /// and behind them those who watch behind other nodes. Another node is told of those whom it does not know itself.
    func watchers(toldTo subscription: Subscription) -> [Watcher] {
        let known = resources[EventResource(subscription.presentity)]
        let all = ((known?.waiting ?? []) + (known?.watchers ?? [])).sorted().compactMap { subscriptions[$0] }
        guard !subscription.isOverlay else {
            let own = all.filter { isTold($0) && !$0.isOverlay }.map(watcher)
            let undecided = own.filter { $0.state.status != .active }
            return Array((undecided + own.filter { $0.state.status == .active }).prefix(Self.maximumToldToNode))
        }
        let others = resources[subscription.resource]?.remotes.compactMap { $0.state as? [Watcher] } ?? []
        return all.filter(isTold).map(watcher) + others.joined()
    }

    /// The first device wants to know who watches, or other nodes watch the presentity than before.
    func watchingNodesMayBeOthers(of resource: EventResource, _ actions: inout [Action]) {
        guard [.presence, .watcherInformation].contains(resource.package),
            resources[EventResource(resource.user, .watcherInformation)]?.localWatchers ?? 0 > 0
        else { return }
        let nodes = (resources[EventResource(resource.user)]?.watchers ?? []).compactMap { number -> NodeID? in
            guard let subscription = subscriptions[number], subscription.isNode,
                case .node(let node) = subscription.flow.remote
            else { return nil }
            return node
        }
        actions.append(.watchersAre(at: Set(nodes).sorted(), of: resource.user))
    }

    /// What other nodes tell of their watchers is another: the devices here are told of everybody anew.
    mutating func tellInformed(of resource: EventResource, at now: Instant, _ actions: inout [Action]) {
        for number in resources[resource]?.watchers ?? [] where subscriptions[number]?.isOverlay == false {
            subscriptions[number]!.changes.tellAll()
            tellInTime(number, at: now, &actions)
        }
    }

    /// RFC 3857 §6.1: nobody can make a presentity be told of watchers who did not prove to be who they say. Other nodes
    /// are no watchers but have some of their own.
    private func isTold(_ subscription: Subscription) -> Bool {
        guard case .authenticated = subscription.identity else { return false }
        return subscription.package == .presence && !subscription.isNode
    }

    private func watcher(_ subscription: Subscription) -> Watcher {
        let from = try? NameAddress(HeaderText(subscription.dialog.remote), of: .from)
        return Watcher(
            // The tag is a token, no other subscription's, and stays with it over a restart.
            id: subscription.dialog.localTag,
            uri: AddressOfRecord(subscription.watcher).map { SIPURI($0).description } ?? subscription.watcher,
            displayName: from?.displayName, state: subscription.state, begun: subscription.begun,
            expires: subscription.expires)
    }

    /// Tells the presentity that something changed about a subscription.
    mutating func inform(about subscription: Subscription, at now: Instant, _ actions: inout [Action]) {
        let informing = EventResource(subscription.presentity, .watcherInformation)
        guard isTold(subscription), let informed = resources[informing]?.watchers, !informed.isEmpty else { return }
        let watcher = watcher(subscription)
        for number in informed {
            // The other node has them from the watcher's own node.
            if subscription.isOverlay, subscriptions[number]?.isOverlay == true { continue }
            subscriptions[number]?.changes.note(watcher)
            tellInTime(number, at: now, &actions)
        }
    }

    /// RFC 3857 §4.10: not more often than once every 5 seconds; what comes before goes along then.
    private mutating func tellInTime(_ number: UInt64, at now: Instant, _ actions: inout [Action]) {
        if let quietUntil = subscriptions[number]?.quietUntil, quietUntil > now, deadlines[.notify(number)] == nil {
            deadlines.set(.notify(number), to: quietUntil)
        }
        needsNotify(number, at: now, &actions)
    }

    /// Remembers that somebody subscribed in vain: nobody decided about it in time.
    ///
    /// RFC 3857 §4.7.1: so the presentity can find out later. That is no subscription any more, only a note of one.
    mutating func startWaiting(_ ended: Subscription, at now: Instant, _ actions: inout [Action]) {
        guard isTold(ended) else { return }
        var note = ended
        note.ending = nil
        note.membership = nil
        note.outstanding = nil
        note.needsNotify = false
        note.expires = now + configuration.waitingTime
        inform(about: note, at: now, &actions)
        let waiting = resources[note.resource]?.waiting ?? []
        if waiting.count >= configuration.maximumWaitingPerPresentity, let oldest = waiting.first {
            endWaiting(oldest, .giveup, at: now, &actions)
        }
        let number = nextNumber()
        keep(&note, &actions)
        subscriptions[number] = note
        sourceCounts[note.source, default: 0] += 1
        open(note.resource, at: now)
        resources[note.resource]!.waiting.append(number)
        deadlines.set(.subscription(number), to: note.expires)
    }

    /// Forgets that somebody subscribed in vain.
    mutating func endWaiting(_ number: UInt64, _ event: WatcherEvent, at now: Instant, _ actions: inout [Action]) {
        guard var note = subscriptions[number], resources[note.resource]?.remove(number, from: \.waiting) == true
        else { return }
        note.state.take(event)
        inform(about: note, at: now, &actions)
        actions.append(.forget(.subscription, key: Array(note.dialog.localTag.utf8)))
        discard(number, &actions)
        dropIfEmpty(note.resource)
    }

    /// RFC 3857 §4.7.1: when the same watcher comes again, it need not be remembered that it came before.
    mutating func endWaiting(
        of watcher: WatcherIdentity, for presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        for number in resources[EventResource(presentity)]?.waiting ?? []
        where subscriptions[number]?.identity == watcher {
            endWaiting(number, .giveup, at: now, &actions)
        }
    }
}
