import Identity
import Primitives

// Lookups: driving ``Lookup`` with requests, gathering records on the way, and what follows at the end.
extension Kademlia {
    /// Pages of one lookup; with 48 KiB each more than any resource holds.
    private static let mostPages = 128
    /// Contacts of this node's own that must have answered before it believes that nobody has a record: with one in five
    /// nodes bad, all of five are once in three thousand times.
    private static let leastSeeds = 5
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
        let lookup = Lookup(
            target: target, from: seeds, favouring: table.soonest(of: seeds, count: configuration.favouredContacts),
            ownID: nodeID, contacts: contacts, plan: plan(for: purpose, resource))
        table.noteLookup(of: target, at: now)
        let operation = Operation(purpose: purpose, startedAt: now, resource: resource, lookup: lookup)
        if let resource {
            let own = store.records(of: resource)
            if !own.isEmpty { operation.gathered.add(own, from: nil, isLast: true, at: now) }
        }
        if case .store = purpose { operation.placement = Placement(spare: []) }
        if case .findRecords(_, let options) = purpose, options.isTraced {
            operation.steps = [firstStep(of: lookup, records: operation.gathered.records.count)]
        }
        operations.append(operation, as: id)
        storeAtFormerHolders(id, at: now, into: &actions)
        if case .watch = purpose, let resource { see(store.records(of: resource), at: now, into: &actions) }
        advance(id, at: now, into: &actions)
        return id
    }

    /// How a search is made. Where a wrong answer would do lasting harm (what is stored, and the certificates that all
    /// else rests on) it goes several ways at once.
    private func plan(for purpose: Operation.Purpose, _ resource: ResourceKey?) -> Lookup.Plan {
        var plan = Lookup.Plan(
            width: configuration.bucketSize, parallelism: configuration.parallelism,
            firstRequests: configuration.firstRequests,
            contactsPerPrefix: configuration.contactsPerPrefix,
            contactsPerNetwork: table.isDiverse ? configuration.contactsPerNetwork : Lookup.mostCandidates)
        switch purpose {
        case .store, .watch: plan.paths = configuration.disjointPaths
        case .findRecords where resource?.kind == .certificate: plan.paths = configuration.disjointPaths
        case .findRecords(_, let options):
            plan.holdersAtOnce = max(options.quorum, 1) + configuration.spareHolders
            plan.mostRequests = configuration.mostRequests
            plan.leastSeeds = Self.leastSeeds
        case .ownPlace, .refresh, .findNode: return plan
        }
        plan.reach = storeReach
        return plan
    }

    /// Within this distance of a resource every node stores its records. Three quarters of the sixteen are to be
    /// expected there, so that in nine cases of ten it holds no more than sixteen if nobody has crowded in.
    var storeReach: Bits256? { density.reach(of: configuration.bucketSize * 3 / 4) }

    /// A search that has found the closest nodes shows how densely they lie.
    private mutating func noteDensity(_ lookup: Lookup) {
        let rank = configuration.bucketSize
        let answered = lookup.candidates.lazy.filter { $0.state == .answered }
        guard let last = answered.prefix(rank).enumerated().first(where: { $0.offset == rank - 1 }) else { return }
        density.add(distance: lookup.distance(of: last.element), rank: rank)
    }

    /// Asks whoever is to be asked now, or concludes.
    mutating func advance(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id], operation.placement?.isPlaced != true else { return }
        if hasEnough(operation) { return conclude(id, at: now, into: &actions) }
        // A request that can't be made fails at once, and may be the one that ends the lookup.
        while operations[id] != nil, let contact = operation.lookup.next() {
            let known = operation.lookup.known(salt: UInt32(truncatingIfNeeded: random.next()))
            let body =
                operation.resource.map { Message.Body.fetch($0.kind, $0.resource, after: nil, known: known) }
                ?? .findNodes(closeTo: operation.lookup.target, known: known)
            operation.trace.requests += 1
            traceQuestion(id, to: contact, at: now)
            request(body, to: .contact(contact), for: .search(id), at: now, into: &actions)
        }
        if operations[id] != nil, operation.lookup.isFinished, operation.openPages == 0 {
            conclude(id, at: now, into: &actions)
        }
    }

    /// Whether the answer is there before the closest nodes are.
    private func hasEnough(_ operation: Operation) -> Bool {
        switch operation.purpose {
        // A copy will do for who does not ask for more than one node's word.
        case .findRecords(_, let options):
            options.quorum > 1
                ? hasQuorum(of: options.quorum, operation)
                : operation.gathered.holders + operation.gathered.copyKeepers > 0
        case .findNode: hasFoundTarget(operation)
        case .ownPlace, .refresh, .store, .watch: false
        }
    }

    /// Whether so many of the nodes that should hold the records have told what they hold. What lies farther off may be
    /// left from a time when the overlay looked different, and four such nodes know no more than one.
    private func hasQuorum(of wanted: Int, _ operation: Operation) -> Bool {
        guard operation.gathered.holders >= wanted, let reach = storeReach else {
            return operation.gathered.holders >= wanted
        }
        let lookup = operation.lookup
        let isOwnNear = nodeID.bits ^ lookup.target < reach && operation.gathered.holds(nil)
        let near = lookup.candidates.prefix { lookup.distance(of: $0) < reach }
        let told = near.count { $0.state == .answered && operation.gathered.hasTold($0.contact) }
        return told + (isOwnNear ? 1 : 0) >= wanted
    }

    private func hasFoundTarget(_ operation: Operation) -> Bool {
        guard let nearest = operation.lookup.candidates.first else { return false }
        return nearest.state == .answered && contacts.bits(nearest.contact) == operation.lookup.target
    }

    mutating func searchAnswered(
        _ id: OperationID, by contact: ContactHandle, page: Message.FetchAnswer?, closer: ContactList, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        guard let page, let resource = operation.resource else {
            operation.lookup.answered(contact, closer: closer)
            return advance(id, at: now, into: &actions)
        }
        let records = validRecords(of: page, resource, from: contact, at: now, into: &actions)
        traceAnswer(id, of: contact, page: page, records: records, closer: closer.count, at: now)
        if let records {
            operation.lookup.answered(contact, closer: closer)
            if page.isCached {
                takeCopies(records, from: contact, for: id, at: now)
            } else {
                take(records, hasMore: page.hasMore, from: contact, for: id, at: now, into: &actions)
            }
        } else {
            operation.lookup.failed(contact)
        }
        advance(id, at: now, into: &actions)
    }

    mutating func pageAnswered(
        _ id: OperationID, by contact: ContactHandle, _ page: Message.FetchAnswer, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id], let resource = operation.resource else { return }
        operation.openPages -= 1
        let records = validRecords(of: page, resource, from: contact, at: now, into: &actions)
        traceAnswer(id, of: contact, page: page, records: records, closer: page.closer.count, at: now)
        if let records {
            take(records, hasMore: page.hasMore, from: contact, for: id, at: now, into: &actions)
        }
        advance(id, at: now, into: &actions)
    }

    mutating func pageFailed(
        _ id: OperationID, at contact: ContactHandle?, at now: Instant, into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        if let contact { traceFailure(id, of: contact, at: now) }
        operation.openPages -= 1
        operation.trace.timeouts += 1
        advance(id, at: now, into: &actions)
    }

    mutating func searchFailed(
        _ id: OperationID, at contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard let operation = operations[id] else { return }
        traceFailure(id, of: contact, at: now)
        operation.lookup.failed(contact)
        operation.trace.timeouts += 1
        advance(id, at: now, into: &actions)
    }

    /// The records of a page that are what was asked for and valid; nil when the node lied about one.
    ///
    /// A record that has just ended is no lie: clocks differ.
    mutating func validRecords(
        of page: Message.FetchAnswer, _ resource: ResourceKey, from contact: ContactHandle, at now: Instant,
        into actions: inout [Action]
    ) -> [Record]? {
        var valid: [Record] = []
        for record in page.records {
            do throws(RecordRefusal) {
                guard ResourceKey(record.identity) == resource else { throw .notAllowed }
                try record.verify(at: now, cache: &verified)
                valid.append(record)
            } catch {
                actions.append(.observe(.invalidRecord(error, from: contacts[contact])))
                guard error == .expired || error == .lastsTooLong else { return nil }
            }
        }
        return valid
    }

    private mutating func take(
        _ records: [Record], hasMore: Bool, from contact: ContactHandle, for id: OperationID, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let operation = operations[id], let resource = operation.resource else { return }
        let asksOn = hasMore && !records.isEmpty && operation.trace.requests < Self.mostPages
        if !records.isEmpty, operation.gathered.firstAt == nil {
            operation.trace.hops = operation.lookup.hop(of: contact) ?? 0
        }
        operation.gathered.add(records, from: contact, isLast: !asksOn, at: now)
        if case .watch = operation.purpose { see(records, at: now, into: &actions) }
        guard asksOn, let last = records.last else { return }
        operation.openPages += 1
        operation.trace.requests += 1
        traceQuestion(id, to: contact, isFurtherPage: true, at: now)
        request(
            .fetch(resource.kind, resource.resource, after: last.key, known: .none), to: .contact(contact),
            for: .page(id), at: now, into: &actions)
    }

    /// Records that are kept by a node which does not store them. They tell a watch nothing, which has to be exact.
    private mutating func takeCopies(
        _ records: [Record], from contact: ContactHandle, for id: OperationID, at now: Instant
    ) {
        guard let operation = operations[id] else { return }
        if case .watch = operation.purpose {
            operation.gathered.add(copies: [], from: contact, at: now)
            return
        }
        if operation.gathered.firstAt == nil { operation.trace.hops = operation.lookup.hop(of: contact) ?? 0 }
        operation.gathered.add(copies: records, from: contact, at: now)
    }

    private mutating func conclude(_ id: OperationID, at now: Instant, into actions: inout [Action]) {
        guard let operation = operations[id] else { return }
        operation.trace.duration = now - operation.startedAt
        operation.trace.firstRecordAfter = operation.gathered.firstAt.map { $0 - operation.startedAt }
        noteDensity(operation.lookup)
        let closest = Array(operation.lookup.closest.prefix(configuration.bucketSize))
        if operation.gathered.firstAt == nil {
            operation.trace.hops = closest.first.flatMap { operation.lookup.hop(of: $0) } ?? 0
        }
        if case .store(_, let record, let options, let isStray) = operation.purpose {
            return place(record, options, isStray: isStray, for: id, at: now, into: &actions)
        }
        operations.remove(id)
        switch operation.purpose {
        case .ownPlace: foundOwnPlace(closest: closest, at: now, into: &actions)
        case .refresh, .store: break
        case .findNode(let token):
            let isFound = closest.first.map { contacts.bits($0) == operation.lookup.target } ?? false
            actions.append(.observe(.lookup(operation.trace, isFound: isFound)))
            let outcome = LookupOutcome(
                records: [], closest: closest.map { contacts[$0] }, holders: 0, trace: operation.trace)
            actions.append(.found(token, outcome))
        case .findRecords(let token, _):
            repair(operation, at: now, into: &actions)
            offerCopies(of: operation, into: &actions)
            let records = operation.gathered.records.filter { !$0.isTombstone && $0.notAfter > now }
            actions.append(.observe(.lookup(operation.trace, isFound: !records.isEmpty)))
            let outcome = LookupOutcome(
                records: records, closest: closest.map { contacts[$0] }, holders: operation.gathered.holders,
                trace: operation.trace, steps: operation.steps ?? [])
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
        var replicas: [Record.Identity: Int] = [:]
        var sent = 0
        if operation.gathered.holds(nil) {
            for record in operation.gathered.missing(at: nil) where record.notAfter > now {
                _ = accept(record, expected: nil, from: nil, at: now, into: &actions)
            }
        }
        guard let farthest = candidates.lastIndex(where: { operation.gathered.holds($0.contact) }) else { return }
        for candidate in candidates[...farthest] where candidate.state == .answered {
            for record in operation.gathered.missing(at: candidate.contact) where record.notAfter > now {
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
