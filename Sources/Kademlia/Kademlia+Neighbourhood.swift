import Identity
import Primitives

// Contacts that come and go, and the records that change hands with them.
extension Kademlia {
    mutating func heard(
        from contact: ContactHandle, roundTrip: Interval?, at now: Instant, into actions: inout [Action]
    ) {
        if estranged.count > 0, estranged.remove(contact) { cameBack(at: now, into: &actions) }
        guard table.heard(from: contact, roundTrip: roundTrip, at: now) else { return }
        actions.append(.observe(.contactAdded(contacts[contact])))
        contactCame(contact, at: now)
    }

    /// A contact did not answer, left, can't be reached, or says that it is a client.
    mutating func loseContact(
        _ id: NodeID, isCertain: Bool, isClient: Bool = false, at now: Instant, into actions: inout [Action]
    ) {
        let (lost, replacement) = table.failed(id, isCertain: isCertain, at: now)
        if let replacement {
            request(.ping, to: .contact(replacement), for: .liveness, at: now, into: &actions)
            contactCame(replacement, at: now)
        }
        if let lost {
            actions.append(.observe(isClient ? .contactIsClient(contacts[lost]) : .contactLost(contacts[lost])))
            if !isClient { noteEstranged(lost, at: now) }
            contactWent(lost, at: now)
            replaceLeases(at: lost, at: now, into: &actions)
        } else if let contact = table.contact(with: id), !isBeingChecked(contact) {
            // A lost datagram or a dead node: the next answers tell soon.
            request(.ping, to: .contact(contact), for: .liveness, at: now, into: &actions)
        }
    }

    func isBeingChecked(_ contact: ContactHandle) -> Bool {
        pending.all.contains { request in
            guard case .liveness = request.purpose else { return false }
            return request.contact == contact
        }
    }

    /// Whether the contact is so near that records held here may concern it.
    private func isNeighbour(_ contact: ContactHandle) -> Bool {
        let distance = contacts.bits(contact) ^ nodeID.bits
        let most = configuration.bucketSize * 2
        return table.countCloser(than: distance, to: nodeID.bits, most: most) < most
    }

    /// Hands a new neighbour the records that it is now responsible for. Of those who hold a record the closest one
    /// does it, so that the neighbour gets it once and not sixteen times.
    private mutating func contactCame(_ contact: ContactHandle, at now: Instant) {
        placeMissingLeases(at: now)
        guard phase == .member, store.count > 0, isNeighbour(contact) else { return }
        for resource in store.resourceKeys {
            let target = resource.resource.bits
            let distance = contacts.bits(contact) ^ target
            let own = nodeID.bits ^ target
            // The newcomer itself counts among the closer ones, should it be one.
            let itself = distance < own ? 1 : 0
            guard table.countCloser(than: own, to: target, most: itself + 1) <= itself else { continue }
            let others = configuration.bucketSize - (own < distance ? 1 : 0)
            guard table.countCloser(than: distance, to: target, most: others) < others else { continue }
            enqueue(resource, for: contact)
        }
        startHandingOver(at: now)
    }

    /// A node that held records is gone: the one that is now the last of the closest gets them. The two closest
    /// holders see to that, as one of them may not know yet.
    private mutating func contactWent(_ contact: ContactHandle, at now: Instant) {
        guard phase == .member, store.count > 0, isNeighbour(contact) else { return }
        for resource in store.resourceKeys {
            let target = resource.resource.bits
            // With this node they make as many as hold a record.
            let others = table.closest(to: target, count: configuration.bucketSize - 1)
            guard others.count == configuration.bucketSize - 1, let last = others.last else { continue }
            guard contacts.bits(contact) ^ target < contacts.bits(last) ^ target else { continue }
            guard rank(for: target, among: others) < 2 else { continue }
            enqueue(resource, for: last)
        }
        startHandingOver(at: now)
    }

    /// How many of the contacts are closer than this node.
    private func rank(for target: Bits256, among others: [ContactHandle]) -> Int {
        let own = nodeID.bits ^ target
        return others.prefix { contacts.bits($0) ^ target < own }.count
    }

    private mutating func enqueue(_ resource: ResourceKey, for contact: ContactHandle) {
        for record in store.records(of: resource) { handOvers.add(record.identity, for: contact) }
    }

    /// Begins after a moment, in which a joining node gets settled.
    private mutating func startHandingOver(at now: Instant) {
        guard !handOvers.isEmpty, handOvers.underWay == 0, periodic[.handOver] == nil else { return }
        periodic.set(.handOver, to: now + random.jittered(.milliseconds(200), by: 0.5...1.5))
    }

    mutating func sendHandOvers(at now: Instant, into actions: inout [Action]) {
        let window = phase == .leaving || reach.standing == .client ? HandOverQueue.leavingWindow : HandOverQueue.window
        var counts: [(contact: ContactHandle, records: Int)] = []
        while handOvers.underWay < window, !handOvers.isEmpty {
            if phase != .leaving, let later = handOvers.wait(perSecond: configuration.handOversPerSecond, at: now) {
                periodic.set(.handOver, to: later)
                break
            }
            guard let item = handOvers.next() else { break }
            guard let record = store.record(item.identity) else { continue }
            handOvers.underWay += 1
            if let position = counts.firstIndex(where: { $0.contact == item.contact }) {
                counts[position].records += 1
            } else {
                counts.append((item.contact, 1))
            }
            request(
                .store(record, expectedSequence: nil), to: .contact(item.contact), for: .handOver,
                at: now, into: &actions)
        }
        for (contact, records) in counts {
            actions.append(.observe(.handedOver(records: records, to: contacts[contact])))
        }
        guard handOvers.isEmpty, handOvers.underWay == 0 else { return }
        if phase == .leaving {
            finishLeaving(at: now, into: &actions)
        } else if periodic[.leave] != nil {
            finishRetiring(at: now, into: &actions)
        }
    }

    /// Whoever refuses a record because it holds a newer one is asked for that. So holders agree on the newest even if
    /// nobody reads and the writer is gone: the closest, who sees to the replicas, may be the one that was passed by.
    mutating func handOverAnswered(
        _ request: PendingRequest, by contact: ContactHandle, _ refusal: RecordRefusal?, _ held: Int64?,
        at now: Instant, into actions: inout [Action]
    ) {
        if refusal == .older, let record = request.record, let held,
            held > store.record(record.identity)?.sequence ?? .max
        {
            // A page of the keys after a part of this one begins with it, or with a few others.
            let after = record.key.isEmpty ? nil : Array(record.key.dropLast())
            let body = Message.Body.fetch(record.kind, record.resource, after: after, known: .none)
            self.request(body, to: .contact(contact), for: .newer, at: now, into: &actions)
        }
        handOverEnded(at: now, into: &actions)
    }

    /// Takes what is newer than what is held here, and nothing else.
    mutating func takeNewer(
        _ page: Message.FetchAnswer, from contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard !page.isCached else { return }
        for record in page.records {
            guard let held = store.record(record.identity), record.supersedes(held) else { continue }
            _ = accept(record, expected: nil, from: contact, at: now, into: &actions)
        }
    }

    mutating func handOverEnded(at now: Instant, into actions: inout [Action]) {
        handOvers.underWay -= 1
        sendHandOvers(at: now, into: &actions)
    }

    /// Sees to it that the replicas exist: the closest holder stores what it holds at the other closest nodes, the
    /// second closest sometimes, in case the first one has nothing. What others should hold moves to them.
    mutating func replicate(at now: Instant, into actions: inout [Action]) {
        periodic.set(.replicate, to: now + random.jittered(configuration.replicationInterval, by: 0.8...1.2))
        guard phase == .member else { return }
        var strays = 0
        for resource in store.resourceKeys {
            let target = resource.resource.bits
            let others = table.closest(to: target, count: configuration.bucketSize * 2)
            let rank = rank(for: target, among: others)
            if rank == 0 || (rank == 1 && random.unit() < 0.25) {
                for contact in others.prefix(configuration.bucketSize - 1) { enqueue(resource, for: contact) }
            } else if rank >= configuration.bucketSize * 2, strays < Self.mostStrays {
                for record in store.records(of: resource) {
                    strays += 1
                    beginStore(nil, record, StoreOptions(), isStray: true, at: now, into: &actions)
                }
            }
        }
        startHandingOver(at: now)
    }

    /// Records moved elsewhere in one round of replication.
    private static let mostStrays = 64

    // MARK: Leaving

    mutating func leave(at now: Instant, into actions: inout [Action]) {
        guard phase != .leaving else { return }
        endAllWatches(at: now, into: &actions)
        phase = .leaving
        handOverAll()
        periodic.set(.leave, to: now + Self.leavingTime)
        sendHandOvers(at: now, into: &actions)
    }

    /// Hands all that is held to those who shall hold it when this node does not any more.
    mutating func handOverAll() {
        for resource in store.resourceKeys {
            let others = table.closest(to: resource.resource.bits, count: configuration.bucketSize)
            // The nearest in case it has none yet, and the one that becomes responsible.
            if let nearest = others.first { enqueue(resource, for: nearest) }
            if others.count == configuration.bucketSize { enqueue(resource, for: others[others.count - 1]) }
        }
    }

    /// Whoever stops a node does not wait for longer.
    private static let leavingTime = Interval.seconds(2)

    mutating func finishLeaving(at now: Instant, into actions: inout [Action]) {
        guard phase == .leaving else { return }
        for contact in table.closest(to: nodeID.bits, count: configuration.bucketSize * 2) {
            let message = Message(transaction: random.next(), body: .leaving, isFromClient: isClient)
            actions.append(.send(message, to: .contact(contact)))
        }
        phase = .gone
        timers = DeadlineQueue()
        periodic = PeriodicTimers()
        pending = PendingRequests()
        actions.append(.left)
    }
}
