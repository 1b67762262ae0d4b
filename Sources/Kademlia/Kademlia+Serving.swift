import Identity
import Primitives

// Answering the requests of others.
extension Kademlia {
    mutating func serve(
        _ message: Message, from contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        switch message.body {
        case .ping: answer(message, with: .pong(observed: contacts[contact].endpoint), to: contact, into: &actions)
        case .findNodes(let target, let known):
            let closest = closest(to: target, for: contact, knowing: known)
            answer(message, with: .nodes(closest), to: contact, into: &actions)
        case .fetch(let kind, let resource, let after, let known):
            let page = page(of: ResourceKey(kind, resource), after: after, for: contact, knowing: known, at: now)
            answer(message, with: .fetched(page), to: contact, into: &actions)
        case .store(let record, let expected):
            let (refusal, held) = accept(record, expected: expected, from: contact, at: now, into: &actions)
            answer(message, with: .stored(refusal: refusal, heldSequence: held), to: contact, into: &actions)
        case .watch(let kind, let resource, let lease, let seconds):
            let key = ResourceKey(kind, resource)
            let granted = phase == .leaving || isClient ? 0 : min(seconds, LeaseTable.longestLease)
            let isHeld = leases.set(key, for: contact, lease: lease, seconds: granted, at: now)
            let body = Message.Body.watching(
                .init(
                    seconds: isHeld ? granted : 0, summary: store.summary(of: key),
                    closer: closest(to: resource.bits, for: contact, knowing: .none)))
            answer(message, with: body, to: contact, into: &actions)
        case .changed(let record, let lease):
            let isWatched = changeArrived(record, lease: lease, from: contact, at: now, into: &actions)
            answer(message, with: .changeSeen(isWatched: isWatched), to: contact, into: &actions)
        case .callBack: passOnCallBack(message, from: contact, at: now, into: &actions)
        case .callThis(let target): call(target, askedBy: contact, at: now, into: &actions)
        case .introduce(let client): passOnIntroduction(to: client, from: contact, at: now, into: &actions)
        case .cache(let records): takeCopies(records, at: now)
        case .leaving, .pong, .nodes, .fetched, .stored, .watching, .changeSeen, .callBackAnswer: break
        }
    }

    /// How many contacts are named beside records: so many that the answer is one datagram if it can be.
    private static func contacts(beside answer: Message.FetchAnswer) -> Int {
        let size = Message(transaction: 0, body: .fetched(answer)).encodedSize
        return min(max((MessageLimits.datagramBytes - size) / 50, 4), MessageLimits.contacts)
    }

    /// A page of what is stored; copies of what others store when there is nothing.
    private mutating func page(
        of resource: ResourceKey, after: [UInt8]?, for contact: ContactHandle, knowing known: KnownContacts,
        at now: Instant
    ) -> Message.FetchAnswer {
        let page = store.page(of: resource, after: after)
        var answer = Message.FetchAnswer(records: page.records, hasMore: page.hasMore, closer: ContactList())
        if page.records.isEmpty, after == nil {
            answer.records = cache.records(of: resource, at: now)
            answer.isCached = !answer.records.isEmpty
        }
        let named = answer.records.isEmpty ? MessageLimits.contacts : Self.contacts(beside: answer)
        answer.closer = closest(to: resource.resource.bits, for: contact, knowing: known).prefix(named)
        charge(contact, forBytes: answer.records.reduce(0) { $0 + $1.encoded.count }, at: now)
        return answer
    }

    /// Of the sixteen closest contacts, those that the asking node does not know.
    private func closest(
        to target: Bits256, for contact: ContactHandle, knowing known: KnownContacts
    ) -> ContactList {
        table.closest(to: target, excluding: contact, knownAs: known)
    }

    /// Takes a record in, tells watchers, and journals it.
    ///
    /// - Parameter contact: who sent it; nil when it was written here.
    /// - Returns: why it was refused, and the sequence that is held afterwards.
    mutating func accept(
        _ record: Record, expected: Int64?, from contact: ContactHandle?, at now: Instant, into actions: inout [Action]
    ) -> (refusal: RecordRefusal?, heldSequence: Int64?) {
        let identity = record.identity
        var refusal: RecordRefusal?
        do throws(RecordRefusal) {
            guard contact == nil || (phase != .leaving && !isClient) else { throw .unwilling }
            try record.verify(at: now, cache: &verified)
            // Who holds the older one and refused the newer would go on giving the older one out.
            if contact != nil, store.record(identity) == nil { try checkResponsibility(for: record.resource) }
            let change = try store.admit(
                record, expected: expected, from: contact.map { contacts[$0].endpoint.address }, limits: configuration)
            if change != .nothing {
                armHeldEnds(at: now)
                cache.remove(ResourceKey(identity))
                persist(identity, into: &actions)
                actions.append(.observe(.accepted(identity, from: contact.map { contacts[$0] })))
                tellWatchers(of: record, at: now, into: &actions)
            }
        } catch {
            refusal = error
            actions.append(.observe(.refused(identity, error, from: contact.map { contacts[$0] })))
        }
        return (refusal, store.record(identity)?.sequence)
    }

    /// A node in an overlay of many does not hold what four times as many nodes as need be are closer to.
    private func checkResponsibility(for resource: ResourceID) throws(RecordRefusal) {
        let wanted = configuration.bucketSize * 4
        guard table.count > wanted else { return }
        guard table.countCloser(than: nodeID.bits ^ resource.bits, to: resource.bits, most: wanted) < wanted else {
            throw .notCloseEnough
        }
    }

    /// Waits for the first of the held records to end; many that end together are removed together.
    private mutating func armHeldEnds(at now: Instant) {
        let deadline = max(store.earliestEnd, now + .seconds(1))
        if let armed = periodic[.heldEnds], armed <= deadline { return }
        periodic.set(.heldEnds, to: deadline)
    }

    mutating func removeEndedRecords(at now: Instant, into actions: inout [Action]) {
        for identity in store.removeEnded(at: now) { persist(identity, into: &actions) }
        if store.count > 0 { armHeldEnds(at: now) }
    }

    /// Brings the journal in line with what is held and kept under an identity.
    func persist(_ identity: Record.Identity, into actions: inout [Action]) {
        let replica = store.record(identity)
        let own = kept[identity]?.record
        guard let record = replica ?? own else {
            actions.append(.forget(identity))
            return
        }
        let newest = own.map { $0.supersedes(record) ? $0 : record } ?? record
        actions.append(.persist(StoredEntry(record: newest, isReplica: replica != nil, isKept: own != nil)))
    }

    mutating func restore(_ entry: StoredEntry, at now: Instant, into actions: inout [Action]) {
        let identity = entry.record.identity
        do throws(RecordRefusal) {
            // The journal is ours, but what it holds is sent to others: a damaged record must not be.
            try entry.record.verify(at: now, cache: &verified)
            if entry.isReplica {
                _ = try store.admit(entry.record, expected: nil, from: nil, limits: configuration)
                armHeldEnds(at: now)
            }
            if entry.isKept {
                schedule(entry.record, at: now)
            }
        } catch {
            actions.append(.forget(identity))
        }
    }
}
