import Identity
import Primitives

// What it means to be a client: for the node itself, and for those who hear from it.
extension Kademlia {
    /// What a node that becomes a client holds is handed over for so long at most.
    private static let retiringTime = Interval.seconds(30)

    mutating func becomeFull(at now: Instant, into actions: inout [Action]) {
        guard isClient else { return }
        reach.standing = .full
        periodic.remove(.keepOpen)
        if phase != .leaving { periodic.remove(.leave) }
        actions.append(.observe(.reachability(.full)))
        // Whoever hears of it from now on takes it in; its neighbours first.
        if phase == .member { findOwnPlace(at: now, into: &actions) }
    }

    mutating func becomeClient(at now: Instant, into actions: inout [Action]) {
        guard reach.standing != .client, phase != .leaving else { return }
        reach.standing = .client
        actions.append(.observe(.reachability(.client)))
        // Watchers notice when they renew, and have leases at two others until then.
        leases = LeaseTable()
        handOverAll()
        periodic.set(.leave, to: now + Self.retiringTime)
        sendHandOvers(at: now, into: &actions)
        keepOpen(at: now, into: &actions)
    }

    /// All that could be handed over is, or the time is up: lets go of what is held, and tells the neighbours.
    mutating func finishRetiring(at now: Instant, into actions: inout [Action]) {
        guard reach.standing == .client, phase != .leaving else { return }
        periodic.remove(.leave)
        for resource in store.resourceKeys {
            for record in store.records(of: resource) {
                store.remove(record.identity)
                persist(record.identity, into: &actions)
            }
        }
        for contact in table.closest(to: nodeID.bits, count: configuration.bucketSize * 2) {
            request(.ping, to: .contact(contact), for: .liveness, at: now, into: &actions)
        }
    }

    // MARK: Keeping the way open

    /// Sees to it that those who push changes to this node come through, and those who pass on that it should call.
    mutating func armKeepOpen(at now: Instant) {
        guard isClient, !watches.isEmpty || reach.standing == .client, periodic[.keepOpen] == nil else { return }
        periodic.set(.keepOpen, to: now + random.jittered(configuration.keepOpenInterval, by: 0.8...1))
    }

    /// Pings each node that holds a lease of ours, once however many it holds, and the nodes next to this one.
    mutating func keepOpen(at now: Instant, into actions: inout [Action]) {
        var pinged: Set<ContactHandle> = []
        for contact in doorkeepers where pinged.insert(contact).inserted {
            request(.ping, to: .contact(contact), for: .keepOpen, at: now, into: &actions)
        }
        for resource in watches.keys.sorted() {
            for holder in watches[resource]?.holders ?? [] where pinged.insert(holder.contact).inserted {
                request(.ping, to: .contact(holder.contact), for: .keepOpen, at: now, into: &actions)
            }
        }
        armKeepOpen(at: now)
    }

    // MARK: Clients among the others

    /// A message is a sign of life, or a sign that its sender is of no use to others.
    mutating func heard(
        from contact: ContactHandle, saying message: Message, roundTrip: Interval?, at now: Instant,
        into actions: inout [Action]
    ) {
        guard message.isFromClient else {
            return heard(from: contact, roundTrip: roundTrip, at: now, into: &actions)
        }
        if case .ping = message.body { clients.heard(contacts.nodeID(contact), as: contact, at: now) }
        let id = contacts.nodeID(contact)
        if let known = table.contact(with: id) { handOvers.removeAll(for: known) }
        loseContact(id, isCertain: true, isClient: true, at: now, into: &actions)
    }

    /// A lookup has come upon a client that somebody still named: it holds nothing, and is asked for nothing more.
    mutating func passOver(
        client contact: ContactHandle, in id: OperationID, at now: Instant, into actions: inout [Action]
    ) {
        operations[id]?.lookup.failed(contact)
        advance(id, at: now, into: &actions)
    }

    /// Whether what happens to a contact says anything of the node: not when the node is known at another endpoint.
    /// Anybody can name a node together with an endpoint that is not its own.
    func isCurrent(_ contact: ContactHandle) -> Bool {
        table.contact(with: contacts.nodeID(contact)).map { $0 == contact } ?? true
    }
}
