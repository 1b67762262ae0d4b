import Identity
import Kademlia
import Presence
import Primitives
import SIPMessages
import SIPStack
import Sessions

/// Between the presence agent, the subscriptions it needs at other nodes, and presence records.
extension OverlayNode {
    mutating func drive(_ event: PresenceAgent.Event, at now: Instant, into actions: inout [Action]) {
        var out: [PresenceAgent.Action] = []
        presence.handle(event, at: now, into: &out)
        for action in out { route(action, at: now, into: &actions) }
    }

    private mutating func route(_ action: PresenceAgent.Action, at now: Instant, into actions: inout [Action]) {
        switch action {
        case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
        case .sendRequest(let token, let request, let hop):
            let own = RequestToken(RequestOwner.presenceAgent(token.number).number)
            let request = isNode(hop) ? sealed(request, token, at: now) : request
            drive(.sendRequest(own, request, to: hop), at: now, into: &actions)
        case .publish(let addressOfRecord, let document, let version, let expires):
            var out: [PresenceUsage.Action] = []
            presenceRecords.publish(
                addressOfRecord, document: document, variants: presence.variants(of: addressOfRecord), version: version,
                expires: expires, account: accounts.account(addressOfRecord), at: now, random: &random, into: &out)
            route(out, at: now, into: &actions)
            if document != nil, expires > now {
                follow(addressOfRecord, .publishing, at: now, into: &actions)
            } else {
                documents.unfollow(addressOfRecord, .publishing, at: now)
            }
        case .holds(let user, let end):
            var out: [RegistrationUsage.Action] = []
            registrations.holds(user, until: end, account: accounts.account(user), at: now, into: &out)
            route(out, at: now, into: &actions)
        case .watchRemote(let resource):
            var out: [PresenceUsage.Action] = []
            presenceRecords.watch(
                resource, domain: domainKey(of: resource.user), accounts: accounts, into: &out)
            route(out, at: now, into: &actions)
            follow(resource.user, .watched, at: now, into: &actions)
        case .unwatchRemote(let resource):
            var out: [PresenceUsage.Action] = []
            presenceRecords.unwatch(resource, into: &out)
            route(out, at: now, into: &actions)
            if !presenceRecords.isWatched(resource.user) { documents.unfollow(resource.user, .watched, at: now) }
        case .watchersAre(let nodes, let user):
            var out: [PresenceUsage.Action] = []
            presenceRecords.watchersAre(at: nodes, of: user, accounts: accounts, into: &out)
            route(out, at: now, into: &actions)
        case .followLists(let user): follow(user, .listing, at: now, into: &actions)
        case .unfollowLists(let user): documents.unfollow(user, .listing, at: now)
        case .followDocuments(let number, let user, let uris):
            followChanges(number, of: user, uris, at: now, into: &actions)
        case .unfollowDocuments(let number): documents.unfollowChanges(number, at: now)
        case .ask(let resource, let watcher):
            var out: [PresenceUsage.Action] = []
            presenceRecords.ask(resource, for: watcher, into: &out)
            route(out, at: now, into: &actions)
        case .stopAsking(let resource, let watcher):
            var out: [PresenceUsage.Action] = []
            presenceRecords.stopAsking(resource, for: watcher, into: &out)
            route(out, at: now, into: &actions)
        case .composed(let addressOfRecord, let document): composed(addressOfRecord, document, into: &actions)
        case .persist(let room, let key, let value):
            actions.append(.persist(JournalEntry(room: JournalRoom(room), key: key, value: value)))
        case .forget(let room, let key): actions.append(.forget(JournalRoom(room), key: key))
        case .observe(let observation): observe(observation, into: &actions)
        }
    }

    mutating func route(_ out: [PresenceUsage.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .keep(let record): keep(record, at: now, into: &actions)
            case .withdraw(let record): withdraw(record, at: now, into: &actions)
            case .watch(let kind, let resource): watch(kind, resource, at: now, into: &actions)
            case .unwatch(let kind, let resource): unwatch(kind, resource, at: now, into: &actions)
            case .subscribe(let resource, let node, let watcher):
                var out: [BackEndSubscriptions.Action] = []
                backEnds.subscribe(resource, at: node, watcher: watcher, now: now, into: &out)
                route(out, at: now, into: &actions)
            case .unsubscribe(let resource, let node, let watcher):
                var out: [BackEndSubscriptions.Action] = []
                backEnds.unsubscribe(resource, at: node, watcher: watcher, now: now, into: &out)
                route(out, at: now, into: &actions)
            case .learnt(let key, let endpoint): directory.learn(Contact(key: key, endpoint: endpoint))
            case .document(let resource, let source, let watcher, let document, let version):
                drive(
                    .remoteDocument(
                        resource, source: source.bits.bytes, watcher: watcher, document: document, version: version),
                    at: now, into: &actions)
            case .gone(let resource, let source):
                drive(.remoteGone(resource, source: source.bits.bytes), at: now, into: &actions)
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
    }

    // MARK: Subscriptions at other nodes

    private func isNode(_ hop: NextHop?) -> Bool {
        if case .node? = hop { return true }
        return false
    }

    /// A NOTIFY as it goes to another node, which can read no more of it than is for it.
    private mutating func sealed(_ request: SIPMessage, _ token: RequestToken, at now: Instant) -> SIPMessage {
        let audience = presence.audience(notifiedBy: token)
        let presentity: AddressOfRecord? =
            switch audience {
            case .node(let presentity), .watcher(_, let presentity, _): presentity
            case nil: nil
            }
        let secrets = presentity.flatMap { accounts.account($0) }.map { PresenceSecrets(of: $0.identity) }
        if case .watcher(let watcher, _, let watchers)? = audience, let secrets {
            return VariantNotification.wrap(request, key: secrets.variant(for: watchers, as: watcher, at: now))
        }
        return SealedNotification.seal(request, with: secrets?.whole(from: identity.nodeID), random: &random)
    }

    mutating func drive(_ event: BackEndSubscriptions.Event, at now: Instant, into actions: inout [Action]) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.handle(event, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    /// The overlay lost contact with a node.
    mutating func lost(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.lost(node, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    /// The overlay is in contact with a node that it was not in contact with.
    mutating func met(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.found(node, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    private mutating func route(_ out: [BackEndSubscriptions.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .sendRequest(let token, let request, let hop):
                let request = withProof(request, to: hop, at: now)
                drive(
                    .sendRequest(RequestToken(RequestOwner.subscriber(token.number).number), request, to: hop), at: now,
                    into: &actions)
            case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
            case .notified(let resource, let watcher, let source, let body, let version):
                counters["presence-notified", default: 0] += 1
                var out: [PresenceUsage.Action] = []
                presenceRecords.notified(
                    resource, for: watcher, by: source, body, version: version, accounts: accounts, into: &out)
                route(out, at: now, into: &actions)
            case .reachable(let resource, let source, let isReachable):
                drive(
                    .remoteSource(resource, source: source.bits.bytes, reachable: isReachable), at: now, into: &actions)
            case .ended(let resource, let watcher, let node, let isRefused):
                var out: [PresenceUsage.Action] = []
                presenceRecords.subscriptionEnded(
                    resource, for: watcher, at: node, isRefused: isRefused, into: &out)
                route(out, at: now, into: &actions)
            }
        }
    }
}
