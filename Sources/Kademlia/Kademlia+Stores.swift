import Identity
import Primitives

// Storing records at the closest nodes, and keeping those that this node wrote.
extension Kademlia {
    mutating func beginStore(
        _ token: StoreToken?, _ record: Record, _ options: StoreOptions, isStray: Bool = false, at now: Instant,
        into actions: inout [Action]
    ) {
        do throws(RecordRefusal) {
            try record.verify(at: now, cache: &verified)
        } catch {
            guard let token else { return }
            release(record.identity, at: now, into: &actions)
            let refusal = StoreOutcome.Refusal(contact: nil, reason: error, heldSequence: nil)
            let outcome = StoreOutcome(
                identity: record.identity, replicas: 0, refusals: [refusal], unanswered: 0, trace: LookupTrace())
            actions.append(.stored(token, outcome))
            return
        }
        begin(
            .store(token, record, options, isStray: isStray), target: record.resource.bits, fetching: nil, at: now,
            into: &actions)
    }

    /// The closest nodes are known: asks them to hold the record, and holds it here if this node is one of them.
    mutating func place(
        _ record: Record, _ options: StoreOptions, isStray: Bool, for id: OperationID, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        let target = record.resource.bits
        let distance = nodeID.bits ^ target
        var contacts = operation.lookup.closest
        let nearer = contacts.prefix { $0.nodeID.bits ^ target < distance }.count
        let isHolder = nearer < configuration.bucketSize && phase != .leaving
        let wanted = configuration.bucketSize - (isHolder ? 1 : 0)
        let first = Array(contacts.prefix(wanted))
        contacts.removeFirst(first.count)
        var placement = Placement(spare: contacts)
        if isHolder {
            let (refusal, held) = accept(
                record, expected: options.expectedSequence, from: nil, at: now, into: &actions)
            if let refusal {
                placement.refusals.append(.init(contact: nil, reason: refusal, heldSequence: held))
            } else {
                placement.replicas += 1
            }
        }
        placement.open = first.count
        operations[id]?.placement = placement
        operations[id]?.trace.requests += first.count
        for contact in first {
            request(
                .store(record, expectedSequence: options.expectedSequence), to: .contact(contact), for: .replica(id),
                at: now, into: &actions)
        }
        finishStoreIfDone(id, at: now, into: &actions)
    }

    mutating func replicaAnswered(
        _ id: OperationID, by contact: Contact, _ refusal: RecordRefusal?, _ held: Int64?, at now: Instant,
        into actions: inout [Action]
    ) {
        guard operations[id]?.placement != nil else { return }
        operations[id]?.placement?.open -= 1
        if let refusal {
            operations[id]?.placement?.refusals.append(.init(contact: contact, reason: refusal, heldSequence: held))
            switch refusal {
            case .storeFull, .notCloseEnough, .unwilling, .addressQuota:
                askSpare(id, at: now, into: &actions)
            default: break
            }
        } else {
            operations[id]?.placement?.replicas += 1
        }
        finishStoreIfDone(id, at: now, into: &actions)
    }

    mutating func replicaFailed(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard operations[id]?.placement != nil else { return }
        operations[id]?.placement?.open -= 1
        operations[id]?.placement?.unanswered += 1
        operations[id]?.trace.timeouts += 1
        askSpare(id, at: now, into: &actions)
        finishStoreIfDone(id, at: now, into: &actions)
    }

    private mutating func askSpare(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id], case .store(_, let record, let options, _) = operation.purpose,
            let spare = operation.placement?.spare.first
        else { return }
        operations[id]?.placement?.spare.removeFirst()
        operations[id]?.placement?.open += 1
        operations[id]?.trace.requests += 1
        request(
            .store(record, expectedSequence: options.expectedSequence), to: .contact(spare), for: .replica(id),
            at: now, into: &actions)
    }

    private mutating func finishStoreIfDone(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard var operation = operations[id], let placement = operation.placement, placement.open == 0,
            case .store(let token, let record, _, let isStray) = operation.purpose
        else { return }
        operations[id] = nil
        operation.trace.duration = now - operation.startedAt
        let identity = record.identity
        if isStray, placement.replicas >= configuration.bucketSize / 2 { drop(identity, into: &actions) }
        // Others know better: what can't be stored anywhere is not worth keeping.
        if placement.replicas == 0, !placement.refusals.isEmpty, kept[identity] == record {
            release(identity, at: now, into: &actions)
        }
        guard let token else { return }
        let outcome = StoreOutcome(
            identity: identity, replicas: placement.replicas, refusals: placement.refusals,
            unanswered: placement.unanswered, trace: operation.trace)
        actions.append(.stored(token, outcome))
    }

    /// Ends this node's holding of a record that others hold.
    private mutating func drop(_ identity: Record.Identity, into actions: inout [Action]) {
        store.remove(identity)
        timers.remove(.heldEnds(identity))
        persist(identity, into: &actions)
    }

    /// Keeps a record in the place of an older one with its identity.
    mutating func keep(_ record: Record, at now: Instant, into actions: inout [Action]) {
        let identity = record.identity
        if let old = kept[identity], !record.supersedes(old) { return }
        kept[identity] = record
        scheduleKept(record, isNew: true, at: now)
        persist(identity, into: &actions)
    }

    mutating func scheduleKept(_ record: Record, isNew: Bool, at now: Instant) {
        let identity = record.identity
        timers.set(.republish(identity), to: now + random.jittered(configuration.republishInterval, by: 0.8...1))
        guard isNew else { return }
        timers.set(.keptEnds(identity), to: record.notAfter)
        if record.isTombstone {
            timers.remove(.renew(identity))
        } else {
            timers.set(.renew(identity), to: now + random.jittered(record.notAfter - now, by: 0.6...0.7))
        }
    }

    /// Stores a record of ours again at the nodes that are closest by now.
    mutating func republish(_ identity: Record.Identity, at now: Instant, into actions: inout [Action]) {
        guard let record = kept[identity], phase != .leaving else { return }
        scheduleKept(record, isNew: false, at: now)
        beginStore(nil, record, StoreOptions(), at: now, into: &actions)
    }

    /// Asks for a successor, and again after half of what remains if none came.
    mutating func renew(_ identity: Record.Identity, at now: Instant, into actions: inout [Action]) {
        guard let record = kept[identity] else { return }
        actions.append(.renew(record))
        let half = (record.notAfter - now) * 0.5
        if half > .seconds(1) { timers.set(.renew(identity), to: now + half) }
    }

    /// Keeps a record no longer.
    mutating func release(_ identity: Record.Identity, at now: Instant, into actions: inout [Action]) {
        guard kept.removeValue(forKey: identity) != nil else { return }
        timers.remove(.republish(identity))
        timers.remove(.renew(identity))
        timers.remove(.keptEnds(identity))
        persist(identity, into: &actions)
    }
}
