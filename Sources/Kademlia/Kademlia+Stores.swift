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

    /// A record that takes the place of one goes to the nodes that held that, without waiting for the lookup: they are
    /// mostly still the closest, and those who watch are told so much sooner.
    mutating func storeAtFormerHolders(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard case .store(_, let record, let options, _) = operations[id]?.purpose, options.expectedSequence == nil,
            let holders = kept[record.identity]?.holders
        else { return }
        for contact in holders { store(record, options, at: contact, for: id, at: now, into: &actions) }
    }

    private mutating func store(
        _ record: Record, _ options: StoreOptions, at contact: ContactHandle, for id: OperationID, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        operation.placement?.open += 1
        operation.placement?.asked.append(contact)
        operation.trace.requests += 1
        request(
            .store(record, expectedSequence: options.expectedSequence), to: .contact(contact), for: .replica(id),
            at: now, into: &actions)
    }

    /// The closest nodes are known: asks them to hold the record, and holds it here if this node is one of them.
    mutating func place(
        _ record: Record, _ options: StoreOptions, isStray: Bool, for id: OperationID, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id], var placement = operation.placement else { return }
        let target = record.resource.bits
        let distance = nodeID.bits ^ target
        var closest = operation.lookup.closest
        // Where too few answered those that did not are tried all the same.
        closest += operation.lookup.silent.prefix(max(configuration.bucketSize - closest.count, 0))
        // Within the region that holds so many nodes by the overlay's density everybody gets the record, however many
        // have come to lie close to it.
        let reach = storeReach ?? Bits256(words: SIMD4())
        let inReach = closest.prefix { self.contacts.bits($0) ^ target < reach }.count
        let replicas = max(configuration.bucketSize, min(inReach, Lookup.mostWidth))
        let nearer = closest.prefix { self.contacts.bits($0) ^ target < distance }.count
        let isHolder = nearer < replicas && phase != .leaving && reachability != .client
        let first = Array(closest.prefix(replicas - (isHolder ? 1 : 0)))
        placement.isPlaced = true
        placement.spare = closest.dropFirst(first.count).filter { !placement.asked.contains($0) }
        // What this node held before it does not go on giving out, although others are closer by now.
        if isHolder || store.record(record.identity) != nil {
            let (refusal, held) = accept(
                record, expected: options.expectedSequence, from: nil, at: now, into: &actions)
            if let refusal {
                placement.refusals.append(.init(contact: nil, reason: refusal, heldSequence: held))
            } else {
                placement.replicas += 1
            }
        }
        operation.placement = placement
        for contact in first where !placement.asked.contains(contact) {
            store(record, options, at: contact, for: id, at: now, into: &actions)
        }
        finishStoreIfDone(id, at: now, into: &actions)
    }

    mutating func replicaAnswered(
        _ id: OperationID, by contact: ContactHandle, _ refusal: RecordRefusal?, _ held: Int64?, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id], operation.placement != nil else { return }
        operation.placement?.open -= 1
        if let refusal {
            operation.placement?.refusals.append(
                .init(contact: contacts[contact], reason: refusal, heldSequence: held))
            switch refusal {
            case .storeFull, .notCloseEnough, .unwilling, .addressQuota:
                askSpare(id, at: now, into: &actions)
            default: break
            }
        } else {
            operation.placement?.replicas += 1
            operation.placement?.holders.append(contact)
        }
        finishStoreIfDone(id, at: now, into: &actions)
    }

    mutating func replicaFailed(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id], operation.placement != nil else { return }
        operation.placement?.open -= 1
        operation.placement?.unanswered += 1
        operation.trace.timeouts += 1
        askSpare(id, at: now, into: &actions)
        finishStoreIfDone(id, at: now, into: &actions)
    }

    private mutating func askSpare(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id], case .store(_, let record, let options, _) = operation.purpose,
            let spare = operation.placement?.spare.first
        else { return }
        operation.placement?.spare.removeFirst()
        store(record, options, at: spare, for: id, at: now, into: &actions)
    }

    private mutating func finishStoreIfDone(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id], let placement = operation.placement, placement.isPlaced,
            placement.open == 0,
            case .store(let token, let record, _, let isStray) = operation.purpose
        else { return }
        operations.remove(id)
        operation.trace.duration = now - operation.startedAt
        let identity = record.identity
        if isStray, placement.replicas >= configuration.bucketSize / 2 { drop(identity, into: &actions) }
        // Others know better: what can't be stored anywhere is not worth keeping.
        if placement.replicas == 0, !placement.refusals.isEmpty, kept[identity]?.record == record {
            release(identity, at: now, into: &actions)
        }
        if kept[identity]?.record == record {
            kept[identity]?.holders = Array(placement.holders.prefix(Lookup.mostWidth))
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
        persist(identity, into: &actions)
    }

    /// Keeps a record in the place of an older one with its identity.
    mutating func keep(_ record: Record, at now: Instant, into actions: inout [Action]) {
        let identity = record.identity
        if let old = kept[identity]?.record, !record.supersedes(old) { return }
        schedule(record, at: now)
        persist(identity, into: &actions)
    }

    /// Keeps a record from now on.
    mutating func schedule(_ record: Record, at now: Instant) {
        var entry = KeptRecord(record: record, republishAt: nextRepublication(at: now), renewAt: .distantFuture)
        entry.holders = kept[record.identity]?.holders ?? []
        if !record.isTombstone { entry.renewAt = now + random.jittered(record.notAfter - now, by: 0.6...0.7) }
        set(entry)
    }

    private mutating func set(_ entry: KeptRecord) {
        let identity = entry.record.identity
        kept[identity] = entry
        timers.set(.kept(identity), to: entry.deadline)
    }

    private mutating func nextRepublication(at now: Instant) -> Instant {
        now + random.jittered(configuration.republishInterval, by: 0.8...1)
    }

    /// Stores all records of ours soon, each at a moment of its own.
    ///
    /// Who has many takes longer: a small overlay's nodes each get all of them.
    mutating func republishSoon(after pause: Interval = .zero, within interval: Interval, at now: Instant) {
        let spread = max(interval, .milliseconds(kept.count * 10))
        for identity in kept.keys.sorted() {
            guard var entry = kept[identity] else { continue }
            entry.republishAt = now + pause + random.jittered(spread, by: 0.1...1)
            set(entry)
        }
    }

    /// Something is to be done about a record of ours.
    mutating func attend(toKept identity: Record.Identity, at now: Instant, into actions: inout [Action]) {
        guard var entry = kept[identity] else { return }
        let record = entry.record
        guard record.notAfter > now else { return release(identity, at: now, into: &actions) }
        let isToBeStored = entry.republishAt <= now
        if isToBeStored { entry.republishAt = nextRepublication(at: now) }
        if entry.renewAt <= now {
            actions.append(.renew(record))
            // It is asked again after half of what remains if no successor came.
            let half = (record.notAfter - now) * 0.5
            entry.renewAt = half > .seconds(1) ? now + half : .distantFuture
        }
        set(entry)
        // Stored again at the nodes that are closest by now.
        if isToBeStored, phase != .leaving { beginStore(nil, record, StoreOptions(), at: now, into: &actions) }
    }

    /// Keeps a record no longer.
    mutating func release(_ identity: Record.Identity, at now: Instant, into actions: inout [Action]) {
        guard kept.removeValue(forKey: identity) != nil else { return }
        timers.remove(.kept(identity))
        persist(identity, into: &actions)
    }
}
