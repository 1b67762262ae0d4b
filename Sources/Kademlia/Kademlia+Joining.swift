import Identity
import Primitives

// Entering the overlay, and keeping the routing table good.
extension Kademlia {
    /// Addresses and contacts asked at once when joining.
    private static let mostBootstraps = 16
    /// Contacts handed to the journal.
    private static let mostRemembered = 64
    /// The looks for this node's own place that follow the first: others may have joined at the same moment.
    private static let earlyLooks: [Interval] = [.seconds(2), .seconds(10), .seconds(60)]
    private static let cautiousAttempts = 3
    private static let laterLooks = Interval.minutes(15)

    mutating func join(
        bootstrap: [Endpoint], remembered: [Contact], at now: Instant, into actions: inout [Action]
    ) {
        guard phase == .apart else { return }
        self.bootstrap = bootstrap
        self.remembered = Array(remembered.filter { $0.nodeID != nodeID }.prefix(Self.mostBootstraps))
        periodic.set(.liveness, to: now + random.jittered(configuration.livenessInterval, by: 0.5...1.5))
        periodic.set(.remember, to: now + random.jittered(configuration.rememberInterval, by: 0.5...1.5))
        periodic.set(.replicate, to: now + random.jittered(.seconds(30), by: 0.5...1.5))
        beginReachability(at: now)
        if bootstrap.isEmpty && self.remembered.isEmpty {
            provenReachable(at: now, into: &actions)
            becomeMember(at: now, into: &actions)
        } else {
            phase = .joining
            tryToJoin(at: now, into: &actions)
        }
    }

    mutating func tryToJoin(at now: Instant, into actions: inout [Action]) {
        guard table.count == 0 || phase == .joining, phase != .leaving, !(bootstrap.isEmpty && remembered.isEmpty)
        else { return }
        guard !reach.isAsking else {
            periodic.set(.join, to: now + .seconds(1))
            return
        }
        if joinAttempts > 0 { actions.append(.observe(.joinFailed)) }
        let body = Message.Body.findNodes(closeTo: nodeID.bits, known: .none)
        for destination in waysIn(attempt: joinAttempts) {
            request(body, to: destination, for: .bootstrap, at: now, into: &actions)
        }
        let backOff = min(Interval.seconds(1 << min(joinAttempts, 6)), .seconds(60))
        joinAttempts += 1
        if joinAttempts > 1 { takeHeldBack(at: now, into: &actions) }
        periodic.set(.join, to: now + random.jittered(backOff, by: 0.8...1.2))
    }

    /// Whom to ask. A node that does not know whether others can reach it asks one at a time at first: in a small
    /// overlay it would otherwise have spoken to everybody before a stranger could try to.
    private func waysIn(attempt: Int) -> [MessageDestination] {
        let all =
            bootstrap.prefix(Self.mostBootstraps).map { MessageDestination.endpoint($0) }
            + remembered.compactMap { contacts.handle(of: $0).map { .contact($0) } }
        guard reach.standing == .unproven, phase == .joining, attempt < Self.cautiousAttempts, !all.isEmpty
        else { return all }
        return [all[(Int(nodeID.bits.prefix) + attempt) % all.count]]
    }

    mutating func bootstrapAnswered(
        by contact: ContactHandle, with found: ContactList, at now: Instant, into actions: inout [Action]
    ) {
        if phase == .joining {
            // Further answers only add contacts while the first one's lookup runs.
            if !isFindingOwnPlace, !provesItselfFirst(through: contact, at: now, into: &actions) {
                findOwnPlace(at: now, into: &actions)
            }
            return
        }
        // A member asks a bootstrap address now and then. Contacts near this node that it does not know belong to a
        // part of the overlay that was cut off: a word to them brings the parts together.
        for other in found.elements where contacts.nodeID(other) != nodeID && table.position(of: other) == nil {
            request(.ping, to: .contact(other), for: .liveness, at: now, into: &actions)
        }
    }

    var isFindingOwnPlace: Bool {
        operations.values.contains { if case .ownPlace = $0.purpose { true } else { false } }
    }

    mutating func findOwnPlace(at now: Instant, into actions: inout [Action]) {
        guard phase != .leaving else { return }
        guard table.count > 0 else {
            if periodic[.join] == nil { tryToJoin(at: now, into: &actions) }
            return
        }
        begin(.ownPlace, target: nodeID.bits, fetching: nil, at: now, into: &actions)
        if phase == .member, !bootstrap.isEmpty {
            let endpoint = bootstrap[Int(random.next() % UInt64(bootstrap.count))]
            request(
                .findNodes(closeTo: nodeID.bits, known: .none), to: .endpoint(endpoint), for: .bootstrap,
                at: now, into: &actions)
        }
    }

    mutating func foundOwnPlace(closest: [ContactHandle], at now: Instant, into actions: inout [Action]) {
        guard phase == .joining else { return }
        guard !closest.isEmpty else {
            periodic.set(.join, to: now + random.jittered(.seconds(1), by: 0.8...1.2))
            return
        }
        becomeMember(at: now, into: &actions)
    }

    private mutating func becomeMember(at now: Instant, into actions: inout [Action]) {
        phase = .member
        joinAttempts = 0
        periodic.remove(.join)
        actions.append(.observe(.joined(contacts: table.count)))
        if table.count > 0 { rememberContacts(at: now, into: &actions) }
        periodic.set(.refreshBuckets, to: now + random.jittered(.milliseconds(500), by: 0.5...1.5))
        scheduleOwnPlace(after: 0, at: now)
        republishSoon(within: .seconds(5), at: now)
        searchForWatches(at: now)
    }

    /// Looks for this node's place again, soon after joining and seldom later.
    mutating func lookAgain(at now: Instant, into actions: inout [Action]) {
        findOwnPlace(at: now, into: &actions)
        looks += 1
        scheduleOwnPlace(after: looks, at: now)
    }

    private mutating func scheduleOwnPlace(after looks: Int, at now: Instant) {
        let interval = looks < Self.earlyLooks.count ? Self.earlyLooks[looks] : Self.laterLooks
        periodic.set(.ownPlace, to: now + random.jittered(interval, by: 0.8...1.2))
    }

    /// Looks up something in a bucket where nothing was looked up for long; one at a time.
    mutating func refreshBuckets(at now: Instant, into actions: inout [Action]) {
        let due = table.bucketToRefresh(after: configuration.bucketRefreshInterval, at: now) ?? bucketToFill()
        periodic.set(.refreshBuckets, to: now + random.jittered(due == nil ? .minutes(1) : .seconds(1), by: 0.8...1.2))
        guard let due else { return }
        begin(.refresh, target: randomTarget(inBucket: due), fetching: nil, at: now, into: &actions)
    }

    /// After joining, buckets with room are looked into where there are many more nodes than they could hold; wide ones
    /// several times, as one lookup fills only part of them. The more nodes have been met the nearer are those that stay.
    /// Questions are better for that than pings, which those who drop everything else answer as well.
    private mutating func bucketToFill() -> Int? {
        guard fills < Self.mostFills else { return nil }
        let nodes = density.nodes ?? .infinity
        let lacking = (0..<table.bucketCount).first { bucket in
            let capacity = table.capacity(of: bucket)
            let nodesThere = nodes / Double(sign: .plus, exponent: bucket + 1, significand: 1)
            return table.range(of: bucket).count < capacity && nodesThere > Double(capacity * 2)
        }
        fills = lacking == nil ? Self.mostFills : fills + 1
        return lacking
    }

    private static let mostFills: UInt8 = 30

    /// A random ID that shares exactly `index` leading bits with this node's.
    private mutating func randomTarget(inBucket index: Int) -> Bits256 {
        let noise = Bits256.random(using: &random)
        var words = nodeID.bits.words
        for word in 0..<4 {
            let first = index - word * 64
            // The bits after bit `index` are random, bit `index` is turned, those before are this node's.
            let mask: UInt64 = first < 0 ? .max : first >= 63 ? 0 : .max >> UInt64(first + 1)
            words[word] = words[word] & ~mask | noise.words[word] & mask
        }
        words[index / 64] =
            (words[index / 64] & ~(1 << UInt64(63 - index % 64)))
            | (~nodeID.bits.words[index / 64] & (1 << UInt64(63 - index % 64)))
        return Bits256(words: words)
    }

    /// Pings the contacts that were silent for too long, some at a time: neighbours, which must be known to be alive, the
    /// sooner. If there is none, waits until there may be.
    mutating func checkLiveness(at now: Instant, into actions: inout [Action]) {
        tidy(at: now)
        var next = Interval.minutes(1)
        var silent: [ContactHandle] = []
        // A client holds nothing that its neighbours have to know of.
        let firstNear = isClient ? .max : table.firstBucketWithRoom
        for bucket in (0..<table.bucketCount).reversed() where silent.count < Self.mostPings {
            let limit = bucket >= firstNear ? configuration.neighbourSilence : configuration.contactSilence
            for index in table.range(of: bucket) where silent.count < Self.mostPings {
                let silence = table.states[index].silence(at: now)
                if silence >= limit { silent.append(table.handles[index]) } else { next = min(next, limit - silence) }
            }
        }
        let pause = silent.count == Self.mostPings ? configuration.livenessInterval : next
        periodic.set(
            .liveness, to: now + random.jittered(max(pause, configuration.livenessInterval), by: 1...1.2))
        for contact in silent where !isBeingChecked(contact) {
            request(.ping, to: .contact(contact), for: .liveness, at: now, into: &actions)
        }
    }

    /// Contacts that are pinged together because they were silent.
    private static let mostPings = 3

    mutating func rememberContacts(at now: Instant, into actions: inout [Action]) {
        periodic.set(.remember, to: now + random.jittered(configuration.rememberInterval, by: 0.8...1.2))
        guard table.count > 0 else { return }
        actions.append(.rememberContacts(table.sample(Self.mostRemembered)))
    }
}
