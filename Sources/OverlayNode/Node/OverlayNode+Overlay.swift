import Identity
import Kademlia
import Primitives
import SIPStack
import Sessions

/// Between the sessions, Kademlia and those who use the overlay.
extension OverlayNode {
    mutating func drive(_ event: Sessions.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Sessions.Action] = []
        sessions.handle(event, at: now, into: &out)
        for action in out { route(action, at: now, into: &actions) }
    }

    private mutating func route(_ action: Sessions.Action, at now: Instant, into actions: inout [Action]) {
        switch action {
        case .transmit(let datagram, let endpoint): actions.append(.overlayTransmit(datagram, to: endpoint))
        case .deliver(let bytes, let channel, let peer):
            directory.learn(peer)
            switch channel {
            case .kademlia: receivedMessage(bytes, from: peer, at: now, into: &actions)
            case .sip: drive(.transport(.received(bytes, on: .overlay(peer.nodeID))), at: now, into: &actions)
            case .enrolment: receivedEnrolment(bytes, from: peer, at: now, into: &actions)
            }
        case .established(let peer):
            directory.learn(peer)
            called(by: peer.nodeID, at: now, into: &actions)
        case .sent(let token):
            sends[token] = nil
            overdue.remove(token)
        case .failed(let token, let destination, let failure):
            failed(token, destination, failure, at: now, into: &actions)
        case .observe(let observation): observe(observation, into: &actions)
        }
    }

    private mutating func receivedMessage(
        _ bytes: [UInt8], from peer: Contact, at now: Instant, into actions: inout [Action]
    ) {
        do throws(MalformedBytes) {
            let contacts = kademlia.contacts
            guard let contact = contacts.handle(of: peer), !kademlia.drops(bytes, from: contact, at: now) else {
                return
            }
            let message = try Message(decoding: bytes) { contacts.handle(of: $0) }
            drive(.received(message, from: contact), at: now, into: &actions)
        } catch {
            count(
                "overlay-malformed", .debug, "node \(peer.nodeID) sent a message that can't be read: \(error)", &actions
            )
        }
    }

    private mutating func failed(
        _ token: UInt64, _ destination: Destination, _ failure: SessionFailure, at now: Instant,
        into actions: inout [Action]
    ) {
        // The other failures are this node's own, and say nothing about the other one.
        let isGone = [.handshakeTimedOut, .wrongKey, .notAcknowledged, .ownEndpoint].contains(failure)
        if isGone, case .peer(let peer) = destination { directory.forget(peer.nodeID) }
        overdue.remove(token)
        switch sends.removeValue(forKey: token) {
        case .sip(let bytes, let flow):
            count(
                "sip-undelivered", .warning,
                "SIP to \(flow.remote) at \(destination.endpoint) was not delivered: "
                    + failure.rawValue, &actions)
            drive(.transport(isGone ? .sendFailed(flow) : .unsent(bytes, on: flow)), at: now, into: &actions)
        case .enrolment(let node): drive(enrolmentFailure: node, at: now, into: &actions)
        case nil: break
        }
        guard isGone else { return }
        switch destination {
        case .peer(let peer):
            guard let contact = kademlia.contacts.handle(of: peer) else { return }
            drive(.unreachable(.contact(contact)), at: now, into: &actions)
        case .endpoint(let endpoint): drive(.unreachable(.endpoint(endpoint)), at: now, into: &actions)
        }
    }

    /// Sends SIP to a node, which is looked for first when its address is not known.
    mutating func sendSIP(
        _ bytes: [UInt8], to node: NodeID, on flow: Flow, at now: Instant, into actions: inout [Action]
    ) {
        if let peer = directory[node] {
            nextSend += 1
            sends[nextSend] = .sip(bytes, flow)
            overdue.set(nextSend, to: now + Self.acknowledgementTime)
            drive(.spoke(to: peer.endpoint), at: now, into: &actions)
            drive(
                .send(bytes, channel: .sip, to: .peer(peer), delivery: .reliable, token: nextSend), at: now,
                into: &actions)
            return
        }
        if waitingForNode[node] != nil {
            guard waitingForNode[node]!.count < Self.maximumWaitingForNode else {
                drive(.transport(.unsent(bytes, on: flow)), at: now, into: &actions)
                return
            }
            waitingForNode[node]!.append((bytes, flow))
            return
        }
        guard waitingForNode.count < Self.maximumNodesWaitedFor else {
            drive(.transport(.sendFailed(flow)), at: now, into: &actions)
            return
        }
        waitingForNode[node] = [(bytes, flow)]
        drive(.lookUpNode(newLookup(.node(node)), node), at: now, into: &actions)
    }

    mutating func drive(_ event: Kademlia.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Kademlia.Action] = []
        kademlia.handle(event, at: now, into: &out)
        for action in out { route(action, at: now, into: &actions) }
    }

    private mutating func route(_ action: Kademlia.Action, at now: Instant, into actions: inout [Action]) {
        switch action {
        case .send(let message, let destination): send(message, to: destination, at: now, into: &actions)
        case .found(let token, let outcome): found(token, outcome, at: now, into: &actions)
        case .stored(let token, let outcome): stored(token, outcome, at: now, into: &actions)
        case .changed(let token, let change): changed(token, change, at: now, into: &actions)
        case .renew(let record): renew(record, at: now, into: &actions)
        case .persist(let entry):
            actions.append(
                .persist(JournalEntry(room: .record, key: entry.record.identity.bytes, value: entry.encode())))
        case .forget(let identity): actions.append(.forget(.record, key: identity.bytes))
        case .rememberContacts(let contacts): remember(contacts.map { kademlia.contacts[$0] }, into: &actions)
        case .left: left(at: now, into: &actions)
        case .observe(let observation):
            observe(observation, into: &actions)
            switch observation {
            case .contactLost(let contact): lost(contact.nodeID, at: now, into: &actions)
            case .contactAdded(let contact): met(contact.nodeID, at: now, into: &actions)
            default: break
            }
        }
    }

    private mutating func send(
        _ message: Message, to destination: MessageDestination, at now: Instant, into actions: inout [Action]
    ) {
        let bytes = message.encode(contacts: kademlia.contacts)
        let target: Destination =
            switch destination {
            case .contact(let contact): .peer(kademlia.contacts[contact])
            case .endpoint(let endpoint): .endpoint(endpoint)
            }
        // Kademlia has time-outs of its own and recognises its messages' failures by their destination: token 0.
        let delivery: Delivery = bytes.count <= Sessions.maximumDatagramPayload ? .datagram : .reliable
        drive(.send(bytes, channel: .kademlia, to: target, delivery: delivery, token: 0), at: now, into: &actions)
    }

    private mutating func found(
        _ token: LookupToken, _ outcome: LookupOutcome, at now: Instant, into actions: inout [Action]
    ) {
        switch lookups.removeValue(forKey: token) {
        case .registration(let number):
            var out: [RegistrationUsage.Action] = []
            registrations.found(number, records: outcome.records, at: now, into: &out)
            route(out, at: now, into: &actions)
        case .documents(let number): foundDocuments(number, outcome, at: now, into: &actions)
        case .mailbox(let number): foundForMailbox(number, outcome.records, at: now, into: &actions)
        case .node(let node): foundNode(node, outcome, at: now, into: &actions)
        case .introduction(let node): drive(.introduce(to: node, through: outcome.closest), at: now, into: &actions)
        case .command(let id, let kind): foundForCommand(id, kind, outcome, at: now, into: &actions)
        case nil: break
        }
    }

    private mutating func foundNode(
        _ node: NodeID, _ outcome: LookupOutcome, at now: Instant, into actions: inout [Action]
    ) {
        if let contact = outcome.closest.first(where: { $0.nodeID == node }) { directory.learn(contact) }
        guard directory[node] == nil, !outcome.closest.isEmpty else {
            return sendWaiting(for: node, at: now, into: &actions)
        }
        // Nobody names clients: they hold nothing, and can't be reached unasked.
        introductions.set(node, to: now + Self.callTime)
        drive(.introduce(to: node, through: outcome.closest), at: now, into: &actions)
    }

    private mutating func changed(
        _ token: WatchToken, _ change: RecordChange, at now: Instant, into actions: inout [Action]
    ) {
        guard let watch = watches[token] else { return }
        switch watch.kind {
        case .account:
            var out: [AccountUsage.Action] = []
            accounts.recordChanged(change, at: now, into: &out)
            route(out, at: now, into: &actions)
        case .document: documentChanged(change, at: now, into: &actions)
        default:
            var out: [PresenceUsage.Action] = []
            presenceRecords.recordChanged(change, accounts: accounts, at: now, into: &out)
            route(out, at: now, into: &actions)
        }
    }

    private mutating func renew(_ record: Record, at now: Instant, into actions: inout [Action]) {
        switch record.kind {
        case .account, .certificate:
            var out: [AccountUsage.Action] = []
            accounts.renew(record, at: now, into: &out)
            route(out, at: now, into: &actions)
        case .registration:
            var out: [RegistrationUsage.Action] = []
            registrations.renew(record, account: account(of: record), at: now, into: &out)
            route(out, at: now, into: &actions)
        case .presence:
            var out: [PresenceUsage.Action] = []
            presenceRecords.renew(record, account: account(of: record), at: now, into: &out)
            route(out, at: now, into: &actions)
        case .document, .documentPart: renewDocument(record, at: now, into: &actions)
        case .mailbox, .service: break
        }
    }

    func account(of record: Record) -> Account? {
        guard case .user(let certificate) = record.authority else { return nil }
        return accounts.account(certificate.aor)
    }

    private mutating func remember(_ contacts: [Contact], into actions: inout [Action]) {
        let keys = Set(contacts.map(\.key))
        for key in remembered.subtracting(keys).sorted() { actions.append(.forget(.contact, key: key.bytes)) }
        remembered = keys
        for contact in contacts {
            var writer = ByteWriter(reserving: 50)
            contact.write(to: &writer)
            actions.append(.persist(JournalEntry(room: .contact, key: contact.key.bytes, value: writer.bytes)))
        }
    }

    // MARK: Tokens

    mutating func newLookup(_ purpose: LookupPurpose) -> LookupToken {
        nextToken += 1
        let token = LookupToken(nextToken)
        lookups[token] = purpose
        return token
    }

    mutating func keep(_ record: Record, at now: Instant, into actions: inout [Action]) {
        drive(.keep(newStore(), record, StoreOptions()), at: now, into: &actions)
    }

    /// Withdraws what was signed for a user of this node.
    mutating func withdraw(_ record: Record, at now: Instant, into actions: inout [Action]) {
        guard let account = account(of: record) else { return }
        let tombstone = record.tombstone(signingWith: account.identity.signing)
        drive(.withdraw(newStore(), tombstone), at: now, into: &actions)
    }

    mutating func newStore() -> StoreToken {
        nextToken += 1
        let token = StoreToken(nextToken)
        farewell?.awaited.insert(token)
        return token
    }

    mutating func watch(_ kind: RecordKind, _ resource: ResourceID, at now: Instant, into actions: inout [Action]) {
        let key = WatchedResource(kind: kind, resource: resource)
        // Before the start there is nobody to ask, and the start watches all that is to be watched.
        guard startedAt != nil, watchTokens[key] == nil else { return }
        nextToken += 1
        let token = WatchToken(nextToken)
        watchTokens[key] = token
        watches[token] = key
        drive(.watch(token, kind, resource), at: now, into: &actions)
    }

    mutating func unwatch(_ kind: RecordKind, _ resource: ResourceID, at now: Instant, into actions: inout [Action]) {
        guard let token = watchTokens.removeValue(forKey: WatchedResource(kind: kind, resource: resource)) else {
            return
        }
        watches[token] = nil
        drive(.unwatch(token), at: now, into: &actions)
    }
}
