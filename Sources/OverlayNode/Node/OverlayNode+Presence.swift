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
            let request = isNode(hop) ? sealed(request, token) : request
            drive(.sendRequest(own, request, to: hop), at: now, into: &actions)
        case .publish(let addressOfRecord, let document, let version, let expires):
            var out: [PresenceUsage.Action] = []
            presenceRecords.publish(
                addressOfRecord, document: document, version: version, expires: expires,
                account: accounts.account(addressOfRecord), membership: accounts.membership(of: addressOfRecord),
                at: now, random: &random, into: &out)
            route(out, at: now, into: &actions)
            if document != nil, expires > now {
                follow(addressOfRecord, .publishing, at: now, into: &actions)
            } else {
                documents.unfollow(addressOfRecord, .publishing, at: now)
            }
        case .watchRemote(let addressOfRecord):
            var out: [PresenceUsage.Action] = []
            presenceRecords.watch(addressOfRecord, membership: accounts.membership(of: addressOfRecord), into: &out)
            route(out, at: now, into: &actions)
            follow(addressOfRecord, .watched, at: now, into: &actions)
        case .unwatchRemote(let addressOfRecord):
            var out: [PresenceUsage.Action] = []
            presenceRecords.unwatch(addressOfRecord, into: &out)
            route(out, at: now, into: &actions)
            documents.unfollow(addressOfRecord, .watched, at: now)
        case .followLists(let user): follow(user, .listing, at: now, into: &actions)
        case .unfollowLists(let user): documents.unfollow(user, .listing, at: now)
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
            case .subscribe(let addressOfRecord, let node):
                subscribe(addressOfRecord, at: node, now: now, into: &actions)
            case .unsubscribe(let addressOfRecord, let node):
                unsubscribe(addressOfRecord, at: node, now: now, into: &actions)
            case .learnt(let key, let endpoint): directory.learn(Contact(key: key, endpoint: endpoint))
            case .document(let addressOfRecord, let source, let document, let version):
                drive(
                    .remoteDocument(
                        addressOfRecord, source: source.bits.bytes, document: document, version: version),
                    at: now, into: &actions)
            case .observe(let observation): count(observation.name, observation.level, observation.text, &actions)
            }
        }
    }

    // MARK: Subscriptions at other nodes

    private func isNode(_ hop: NextHop?) -> Bool {
        if case .node? = hop { return true }
        return false
    }

    /// A NOTIFY as it goes to another node.
    private mutating func sealed(_ request: SIPMessage, _ token: RequestToken) -> SIPMessage {
        let key = presence.presentity(notifiedBy: token).flatMap { self.key($0, of: identity.nodeID) }
        return SealedNotification.seal(request, with: key, random: &random)
    }

    /// What a node seals a presentity's state with; nil where this node is not of the domain.
    private func key(_ presentity: AddressOfRecord, of node: NodeID) -> SymmetricKey? {
        accounts.membership(of: presentity).map { PresenceUsage.key($0, presentity, node) }
    }

    mutating func drive(_ event: BackEndSubscriptions.Event, at now: Instant, into actions: inout [Action]) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.handle(event, at: now, into: &out)
        route(out, at: now, into: &actions)
    }

    private mutating func subscribe(
        _ addressOfRecord: AddressOfRecord, at node: NodeID, now: Instant, into actions: inout [Action]
    ) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.subscribe(addressOfRecord, at: node, now: now, into: &out)
        route(out, at: now, into: &actions)
    }

    private mutating func unsubscribe(
        _ addressOfRecord: AddressOfRecord, at node: NodeID, now: Instant, into actions: inout [Action]
    ) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.unsubscribe(addressOfRecord, at: node, now: now, into: &out)
        route(out, at: now, into: &actions)
    }

    /// The overlay lost contact with a node.
    mutating func lost(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        var out: [BackEndSubscriptions.Action] = []
        backEnds.lost(node, into: &out)
        route(out, at: now, into: &actions)
    }

    private mutating func route(_ out: [BackEndSubscriptions.Action], at now: Instant, into actions: inout [Action]) {
        for action in out {
            switch action {
            case .sendRequest(let token, let request, let hop):
                drive(
                    .sendRequest(RequestToken(RequestOwner.subscriber(token.number).number), request, to: hop), at: now,
                    into: &actions)
            case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
            case .document(let addressOfRecord, let source, let sealed, let version):
                guard let document = key(addressOfRecord, of: source)?.open(sealed) else {
                    count(
                        "presence-unreadable", .warning,
                        "what node \(source) notified of \(addressOfRecord) does not decrypt", &actions)
                    continue
                }
                counters["presence-notified", default: 0] += 1
                drive(
                    .remoteDocument(
                        addressOfRecord, source: source.bits.bytes, document: document, version: version),
                    at: now, into: &actions)
            case .reachable(let addressOfRecord, let source, let isReachable):
                drive(
                    .remoteSource(addressOfRecord, source: source.bits.bytes, reachable: isReachable), at: now,
                    into: &actions)
            case .ended(let addressOfRecord, let node): presenceRecords.subscriptionEnded(addressOfRecord, at: node)
            }
        }
    }
}
