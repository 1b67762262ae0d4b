import Identity
import Primitives

// The watcher's side of a watch, and telling the watchers of what is held here.
extension Kademlia {
    /// How soon a watch that lost storing nodes looks for others.
    private static let searchDelay = Interval.seconds(1)
    /// How soon a watch that found nobody tries again.
    private static let retryDelay = Interval.seconds(10)
    /// Every so many renewals the closest nodes are looked up anew, in case the neighbourhood changed unseen.
    private static let renewalsPerSearch = 4
    /// Pages fetched one after another; with 48 KiB each more than any watched resource holds.
    private static let mostWatchedPages: UInt8 = 128

    mutating func watch(
        _ token: WatchToken, _ resource: ResourceKey, at now: Instant, into actions: inout [Action]
    ) {
        watchedResources[token] = resource
        if watches[resource] != nil {
            // What is over but was not reported yet is no news for the newcomer.
            for record in watches[resource]!.records {
                watchedRecordEnds(record.identity, at: now, into: &actions)
            }
            watches[resource]!.tokens.append(token)
            for record in watches[resource]!.records { actions.append(.changed(token, Watch.first(record))) }
            return
        }
        watches[resource] = Watch(tokens: [token], lease: random.next())
        begin(.watch, target: resource.resource.bits, fetching: resource, at: now, into: &actions)
    }

    mutating func unwatch(_ token: WatchToken, at now: Instant, into actions: inout [Action]) {
        guard let resource = watchedResources.removeValue(forKey: token) else { return }
        watches[resource]?.tokens.removeAll { $0 == token }
        if watches[resource]?.tokens.isEmpty ?? false { endWatch(resource, at: now, into: &actions) }
    }

    private mutating func endWatch(_ resource: ResourceKey, at now: Instant, into actions: inout [Action]) {
        guard let watch = watches.removeValue(forKey: resource) else { return }
        timers.remove(.watch(resource))
        for record in watch.records { timers.remove(.watchedEnds(record.identity)) }
        for holder in watch.holders { endLease(watch, resource, at: holder.contact, at: now, into: &actions) }
    }

    mutating func endAllWatches(at now: Instant, into actions: inout [Action]) {
        for resource in watches.keys.sorted() { endWatch(resource, at: now, into: &actions) }
    }

    private mutating func endLease(
        _ watch: Watch, _ resource: ResourceKey, at contact: ContactHandle, at now: Instant,
        into actions: inout [Action]
    ) {
        let body = Message.Body.watch(resource.kind, resource.resource, lease: watch.lease, seconds: 0)
        request(body, to: .contact(contact), for: .lease(resource), at: now, into: &actions)
    }

    /// Reports the changes that valid records make to the watch of their resource, if there is one.
    mutating func see(_ records: [Record], at now: Instant, into actions: inout [Action]) {
        for record in records where record.notAfter > now {
            let identity = record.identity
            let resource = ResourceKey(identity)
            guard watches[resource] != nil else { continue }
            let changes = watches[resource]!.see(record, at: now)
            if let end = watches[resource]!.end(ofKey: record.key) { timers.set(.watchedEnds(identity), to: end) }
            for change in changes { report(change, resource, into: &actions) }
        }
    }

    mutating func watchedRecordEnds(
        _ identity: Record.Identity, at now: Instant, into actions: inout [Action]
    ) {
        let resource = ResourceKey(identity)
        guard let change = watches[resource]?.end(identity, at: now) else { return }
        report(change, resource, into: &actions)
    }

    private func report(_ change: RecordChange, _ resource: ResourceKey, into actions: inout [Action]) {
        for token in watches[resource]?.tokens ?? [] { actions.append(.changed(token, change)) }
    }

    // MARK: Leases

    /// The closest nodes are known: asks for leases at the nearest of them.
    mutating func placeLeases(
        _ resource: ResourceKey, at closest: [ContactHandle], at now: Instant, into actions: inout [Action]
    ) {
        guard watches[resource] != nil else { return }
        watches[resource]!.isSearching = false
        watches[resource]!.needsSearch = false
        let wanted = closest.prefix(configuration.watchReplicas)
        for holder in watches[resource]!.holders where !wanted.contains(holder.contact) {
            endLease(watches[resource]!, resource, at: holder.contact, at: now, into: &actions)
        }
        watches[resource]!.holders = []
        for contact in wanted { askForLease(resource, at: contact, at: now, into: &actions) }
        scheduleRenewal(resource, at: now)
    }

    private mutating func scheduleRenewal(_ resource: ResourceKey, at now: Instant) {
        let isPlaced = !(watches[resource]?.holders.isEmpty ?? true)
        // While nobody is known there is nothing to search; ``placeMissingLeases(at:)`` follows when somebody comes.
        guard isPlaced || table.count > 0 else { return timers.remove(.watch(resource)) }
        let interval = isPlaced ? configuration.leaseDuration * 0.5 : Self.retryDelay
        timers.set(.watch(resource), to: now + random.jittered(interval, by: 0.8...1))
    }

    private mutating func askForLease(
        _ resource: ResourceKey, at contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard let watch = watches[resource] else { return }
        if !watch.holders.contains(where: { $0.contact == contact }) {
            watches[resource]!.holders.append(Watch.Holder(contact: contact))
        }
        armKeepOpen(at: now)
        let seconds = UInt32(clamping: configuration.leaseDuration.secondsRoundedUp)
        let body = Message.Body.watch(resource.kind, resource.resource, lease: watch.lease, seconds: seconds)
        request(body, to: .contact(contact), for: .lease(resource), at: now, into: &actions)
    }

    mutating func leaseAnswered(
        _ resource: ResourceKey, by contact: ContactHandle, _ answer: Message.WatchAnswer, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let watch = watches[resource],
            let position = watch.holders.firstIndex(where: { $0.contact == contact })
        else { return }
        guard answer.seconds > 0 else {
            return leaseFailed(resource, at: contact, at: now, into: &actions)
        }
        watches[resource]!.holders[position].isConfirmed = true
        if answer.summary != ResourceSummary.of(watch.records) {
            let body = Message.Body.fetch(
                resource.kind, resource.resource, after: nil, known: .none)
            request(body, to: .contact(contact), for: .watchedPage(resource, number: 1), at: now, into: &actions)
        }
        // A node that came closer than those with a lease: it will be told of changes, they some day not any more.
        let target = resource.resource.bits
        let known = watches[resource]!.holders.map(\.contact)
        let fresh = answer.closer.elements.filter { contacts.nodeID($0) != nodeID && !known.contains($0) }
        let best = (known + fresh).sorted { contacts.bits($0) ^ target < contacts.bits($1) ^ target }
        for contact in best.prefix(configuration.watchReplicas) where fresh.contains(contact) {
            askForLease(resource, at: contact, at: now, into: &actions)
        }
    }

    mutating func leaseFailed(
        _ resource: ResourceKey, at contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        guard let watch = watches[resource], watch.holders.contains(where: { $0.contact == contact }) else { return }
        watches[resource]!.holders.removeAll { $0.contact == contact }
        let confirmed = watches[resource]!.holders.filter(\.isConfirmed).count
        guard !watch.isSearching, confirmed < configuration.watchReplicas else { return }
        watches[resource]!.needsSearch = true
        let delay = confirmed == 0 && table.count == 0 ? Self.retryDelay : Self.searchDelay
        timers.set(.watch(resource), to: now + random.jittered(delay, by: 0.8...1.2))
    }

    /// Leases at a node that was lost are placed elsewhere.
    mutating func replaceLeases(at contact: ContactHandle, at now: Instant, into actions: inout [Action]) {
        for resource in watches.keys.sorted() { leaseFailed(resource, at: contact, at: now, into: &actions) }
    }

    /// The node has joined: watches that were begun before it knew anybody look for their storing nodes at once.
    mutating func searchForWatches(at now: Instant) {
        for resource in watches.keys.sorted() where watches[resource]!.holders.isEmpty {
            watches[resource]!.needsSearch = true
            timers.set(.watch(resource), to: now)
        }
    }

    /// A contact came: watches that have too few storing nodes may have found one.
    mutating func placeMissingLeases(at now: Instant) {
        for resource in watches.keys.sorted() {
            let watch = watches[resource]!
            guard watch.holders.count < configuration.watchReplicas, !watch.isSearching, !watch.needsSearch
            else { continue }
            watches[resource]!.needsSearch = true
            timers.set(.watch(resource), to: now + random.jittered(Self.searchDelay, by: 0.8...1.2))
        }
    }

    mutating func renewWatch(_ resource: ResourceKey, at now: Instant, into actions: inout [Action]) {
        guard let watch = watches[resource] else { return }
        watches[resource]!.renewals += 1
        scheduleRenewal(resource, at: now)
        guard !watch.isSearching else { return }
        let target = resource.resource.bits
        let confirmed = watch.holders.filter(\.isConfirmed)
            .sorted { contacts.bits($0.contact) ^ target < contacts.bits($1.contact) ^ target }
        if watch.needsSearch || confirmed.isEmpty || watch.renewals % Self.renewalsPerSearch == 0 {
            watches[resource]!.isSearching = true
            begin(.watch, target: target, fetching: resource, at: now, into: &actions)
            return
        }
        watches[resource]!.holders = Array(confirmed.prefix(configuration.watchReplicas))
        for holder in confirmed.prefix(configuration.watchReplicas) {
            askForLease(resource, at: holder.contact, at: now, into: &actions)
        }
        for holder in confirmed.dropFirst(configuration.watchReplicas) {
            endLease(watch, resource, at: holder.contact, at: now, into: &actions)
        }
    }

    /// A page of what a storing node holds and the watch did not know, or the other way round.
    mutating func watchedPageArrived(
        _ resource: ResourceKey, number: UInt8, from contact: ContactHandle, _ page: Message.FetchAnswer,
        at now: Instant, into actions: inout [Action]
    ) {
        guard watches[resource] != nil, !page.isCached,
            let records = validRecords(of: page, resource, from: contact, at: now, into: &actions)
        else { return }
        see(records, at: now, into: &actions)
        if page.hasMore, let last = page.records.last, number < Self.mostWatchedPages {
            let body = Message.Body.fetch(
                resource.kind, resource.resource, after: last.key, known: .none)
            request(
                body, to: .contact(contact), for: .watchedPage(resource, number: number + 1), at: now, into: &actions)
        }
    }

    /// A storing node tells of a change.
    ///
    /// - Returns: whether this node holds such a lease.
    mutating func changeArrived(
        _ record: Record, lease: UInt64, from contact: ContactHandle, at now: Instant, into actions: inout [Action]
    ) -> Bool {
        guard let watch = watches[ResourceKey(record.identity)], watch.lease == lease else { return false }
        do throws(RecordRefusal) {
            try record.verify(at: now, cache: &verified)
            see([record], at: now, into: &actions)
        } catch {
            actions.append(.observe(.invalidRecord(error, from: contacts[contact])))
        }
        return true
    }

    // MARK: The storing node's side

    /// A record that is held here has come or changed.
    mutating func tellWatchers(of record: Record, at now: Instant, into actions: inout [Action]) {
        see([record], at: now, into: &actions)
        let resource = ResourceKey(record.identity)
        for lease in leases.change(resource, key: record.key, at: now) {
            tell(lease, of: record, resource, at: now, into: &actions)
        }
    }

    mutating func changeWasSeen(
        _ resource: ResourceKey, lease serial: UInt64, by watcher: ContactHandle, isWatched: Bool, at now: Instant,
        into actions: inout [Action]
    ) {
        guard isWatched else { return leases.end(resource, of: watcher, serial: serial) }
        while let (lease, key) = leases.next(resource, of: watcher, serial: serial) {
            let identity = Record.Identity(kind: resource.kind, resource: resource.resource, key: key)
            // What was removed meanwhile has ended, which the watcher sees by itself.
            guard let record = store.record(identity) else { continue }
            return tell(lease, of: record, resource, at: now, into: &actions)
        }
    }

    private mutating func tell(
        _ lease: LeaseTable.Lease, of record: Record, _ resource: ResourceKey, at now: Instant,
        into actions: inout [Action]
    ) {
        request(
            .changed(record, lease: lease.id), to: .contact(lease.contact),
            for: .change(resource, lease: lease.serial), at: now, into: &actions)
    }
}
