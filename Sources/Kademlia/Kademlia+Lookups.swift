import Identity
import Primitives

// Lookups: driving ``Lookup`` with requests, gathering records on the way, and what follows at the end.
extension Kademlia {
    /// Pages of one lookup; with 48 KiB each more than any resource holds.
    private static let mostPages = 128
    /// Stores sent to lagging replicas after one lookup.
    private static let mostRepairs = 32

    @discardableResult
    mutating func begin(
        _ purpose: Operation.Purpose, target: Bits256, fetching resource: ResourceKey?, at now: Instant,
        into actions: inout [Action]
    ) -> OperationID {
        nextOperation += 1
        let id = OperationID(rawValue: nextOperation)
        let seeds = table.closest(to: target, count: configuration.bucketSize)
        let lookup = Lookup(target: target, from: seeds, ownID: nodeID, configuration: configuration)
        table.noteLookup(of: target, at: now)
        var operation = Operation(purpose: purpose, startedAt: now, resource: resource, lookup: lookup)
        if let resource {
            let own = store.records(of: resource)
            if !own.isEmpty { operation.gathered.add(own, from: nodeID, isLast: true, at: now) }
        }
        operations[id] = operation
        if case .watch = purpose, let resource { see(store.records(of: resource), at: now, into: &actions) }
        advance(id, at: now, into: &actions)
        return id
    }

    /// Asks whoever is to be asked now, or concludes.
    mutating func advance(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let current = operations[id], current.placement == nil else { return }
        if hasEnough(current) { return conclude(id, at: now, into: &actions) }
        let body =
            current.resource.map { Message.Body.fetch($0.kind, $0.resource, after: nil) }
            ?? .findNodes(closeTo: current.lookup.target)
        while let contact = operations[id]?.lookup.next() {
            operations[id]?.trace.requests += 1
            request(body, to: .contact(contact), for: .search(id), at: now, into: &actions)
        }
        if let operation = operations[id], operation.lookup.isFinished, operation.openPages == 0 {
            conclude(id, at: now, into: &actions)
        }
    }

    /// Whether the answer is there before the closest nodes are.
    private func hasEnough(_ operation: Operation) -> Bool {
        switch operation.purpose {
        case .findRecords(_, let quorum): operation.gathered.holders >= max(quorum, 1)
        case .findNode: hasFoundTarget(operation)
        case .ownPlace, .refresh, .store, .watch: false
        }
    }

    private func hasFoundTarget(_ operation: Operation) -> Bool {
        guard let nearest = operation.lookup.candidates.first else { return false }
        return nearest.state == .answered && nearest.contact.nodeID.bits == operation.lookup.target
    }

    mutating func searchAnswered(
        _ id: OperationID, by contact: Contact, page: Message.FetchAnswer?, closer: [Contact], at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        guard let page, let resource = operation.resource else {
            operations[id]?.lookup.answered(contact.nodeID, closer: closer)
            return advance(id, at: now, into: &actions)
        }
        if let records = validRecords(of: page, resource, from: contact, at: now, into: &actions) {
            operations[id]?.lookup.answered(contact.nodeID, closer: closer)
            take(records, hasMore: page.hasMore, from: contact, for: id, at: now, into: &actions)
        } else {
            operations[id]?.lookup.failed(contact.nodeID)
        }
        advance(id, at: now, into: &actions)
    }

    mutating func pageAnswered(
        _ id: OperationID, by contact: Contact, _ page: Message.FetchAnswer, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let resource = operations[id]?.resource else { return }
        operations[id]?.openPages -= 1
        if let records = validRecords(of: page, resource, from: contact, at: now, into: &actions) {
            take(records, hasMore: page.hasMore, from: contact, for: id, at: now, into: &actions)
        }
        advance(id, at: now, into: &actions)
    }

    mutating func pageFailed(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        operations[id]?.openPages -= 1
        operations[id]?.trace.timeouts += 1
        advance(id, at: now, into: &actions)
    }

    mutating func searchFailed(
        _ id: OperationID, at contact: Contact, at now: Instant, into actions: inout [Action]
    ) {
        operations[id]?.lookup.failed(contact.nodeID)
        operations[id]?.trace.timeouts += 1
        advance(id, at: now, into: &actions)
    }

    /// The records of a page that are what was asked for and valid; nil when the node lied about one.
    ///
    /// A record that has just ended is no lie: clocks differ.
    mutating func validRecords(
        of page: Message.FetchAnswer, _ resource: ResourceKey, from contact: Contact, at now: Instant,
        into actions: inout [Action]
    ) -> [Record]? {
        var valid: [Record] = []
        for record in page.records {
            do throws(RecordRefusal) {
                guard ResourceKey(record.identity) == resource else { throw .notAllowed }
                try record.verify(at: now, cache: &verified)
                valid.append(record)
            } catch {
                actions.append(.observe(.invalidRecord(error, from: contact)))
                guard error == .expired || error == .lastsTooLong else { return nil }
            }
        }
        return valid
    }

    private mutating func take(
        _ records: [Record], hasMore: Bool, from contact: Contact, for id: OperationID, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id], let resource = operation.resource else { return }
        let asksOn = hasMore && !records.isEmpty && operation.trace.requests < Self.mostPages
        if !records.isEmpty, operation.gathered.firstAt == nil {
            operations[id]?.trace.hops = operation.lookup.hop(of: contact.nodeID) ?? 0
        }
        operations[id]?.gathered.add(records, from: contact.nodeID, isLast: !asksOn, at: now)
        if case .watch = operation.purpose { see(records, at: now, into: &actions) }
        guard asksOn, let last = records.last else { return }
        operations[id]?.openPages += 1
        operations[id]?.trace.requests += 1
        request(
            .fetch(resource.kind, resource.resource, after: last.key), to: .contact(contact), for: .page(id), at: now,
            into: &actions)
    }

    private mutating func conclude(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard var operation = operations[id] else { return }
        operation.trace.duration = now - operation.startedAt
        operation.trace.firstRecordAfter = operation.gathered.firstAt.map { $0 - operation.startedAt }
        let closest = Array(operation.lookup.closest.prefix(configuration.bucketSize))
        if operation.gathered.firstAt == nil {
            operation.trace.hops = closest.first.flatMap { operation.lookup.hop(of: $0.nodeID) } ?? 0
        }
        if case .store(_, let record, let options, let isStray) = operation.purpose {
            operations[id]?.trace = operation.trace
            return place(record, options, isStray: isStray, for: id, at: now, into: &actions)
        }
        operations[id] = nil
        switch operation.purpose {
        case .ownPlace: foundOwnPlace(closest: closest, at: now, into: &actions)
        case .refresh, .store: break
        case .findNode(let token):
            let isFound = closest.first?.nodeID.bits == operation.lookup.target
            actions.append(.observe(.lookup(operation.trace, isFound: isFound)))
            let outcome = LookupOutcome(records: [], closest: closest, holders: 0, trace: operation.trace)
            actions.append(.found(token, outcome))
        case .findRecords(let token, _):
            repair(operation, at: now, into: &actions)
            let records = operation.gathered.records.filter { !$0.isTombstone && $0.notAfter > now }
            actions.append(.observe(.lookup(operation.trace, isFound: !records.isEmpty)))
            let outcome = LookupOutcome(
                records: records, closest: closest, holders: operation.gathered.holders, trace: operation.trace)
            actions.append(.found(token, outcome))
        case .watch:
            repair(operation, at: now, into: &actions)
            if let resource = operation.resource { placeLeases(resource, at: closest, at: now, into: &actions) }
        }
    }

    /// Sends the newest records to nodes that lag: that hold an older one, or none although they are closer than one
    /// that has it.
    private mutating func repair(_ operation: Operation, at now: Instant, into actions: inout [Action]) {
        let candidates = operation.lookup.candidates.prefix(configuration.bucketSize)
        let holders = candidates.filter { operation.gathered.holds($0.contact.nodeID) }
        var replicas: [Record.Identity: Int] = [:]
        var sent = 0
        if operation.gathered.holds(nodeID) {
            for record in operation.gathered.missing(at: nodeID) where record.notAfter > now {
                _ = accept(record, expected: nil, from: nil, at: now, into: &actions)
            }
        }
        guard let farthest = holders.last?.distance else { return }
        for candidate in candidates where candidate.state == .answered && candidate.distance <= farthest {
            for record in operation.gathered.missing(at: candidate.contact.nodeID) where record.notAfter > now {
                guard sent < Self.mostRepairs else { break }
                sent += 1
                replicas[record.identity, default: 0] += 1
                request(
                    .store(record, expectedSequence: nil), to: .contact(candidate.contact), for: .repair, at: now,
                    into: &actions)
            }
        }
        for identity in replicas.keys.sorted() {
            actions.append(.observe(.repaired(identity, replicas: replicas[identity]!)))
        }
    }
}
