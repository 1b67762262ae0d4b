import Identity
import Kademlia
import Primitives

/// Having a user's documents at hand, and letting go of them.
extension DocumentUsage {
    /// Somebody watches the user here, or the user publishes here: the user's rules are needed until ``unfollow(_:_:at:)``.
    package mutating func follow(
        _ user: AddressOfRecord, _ reason: FollowReason, accounts: AccountUsage, into actions: inout [Action]
    ) {
        guard let account = accounts.account(user) else { return }
        guard need(account, into: &actions) else {
            return actions.append(
                .observe(
                    Observation(
                        .warning, "documents-full",
                        "the rules and lists of \(user) are not loaded: too many users' documents are in use")))
        }
        users[user]!.reasons.insert(reason)
        idle.remove(user)
    }

    /// Somebody wants to watch the user: the rules known from before may have changed since nobody did.
    package mutating func refresh(
        _ user: AddressOfRecord, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        guard let account = accounts.account(user), need(account, into: &actions) else { return }
        rest(user, at: now)
    }

    /// The reason is none any more.
    package mutating func unfollow(_ user: AddressOfRecord, _ reason: FollowReason, at now: Instant) {
        guard users[user]?.reasons.remove(reason) != nil else { return }
        rest(user, at: now)
    }

    /// Sees to it that a user's documents are loaded or being loaded.
    ///
    /// - Returns: false when there is no room.
    mutating func need(_ account: Account, into actions: inout [Action]) -> Bool {
        let user = account.addressOfRecord
        guard users[user] == nil else { return true }
        if users.count >= Self.maximumUsers {
            guard let oldest = idle.popDue(at: .distantFuture) else { return false }
            letGo(of: oldest, into: &actions)
        }
        let known = UserDocuments(of: account)
        users[user] = known
        owners[known.resource] = user
        lookUp(.loading(user), .document, known.resource, quorum: 2, into: &actions)
        return true
    }

    mutating func lookUp(
        _ purpose: Purpose, _ kind: RecordKind, _ resource: ResourceID, quorum: Int, into actions: inout [Action]
    ) {
        nextNumber += 1
        lookups[nextNumber] = purpose
        actions.append(.lookUp(nextNumber, kind, resource, quorum: quorum))
    }

    /// A lookup has ended with these records, each verified to be the user's.
    ///
    /// - Parameter reachesOthers: false when there should be other nodes and none can be reached, so that what was not
    ///   found may well exist.
    package mutating func found(
        _ number: UInt64, _ records: [Record], reachesOthers: Bool, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        switch lookups.removeValue(forKey: number) {
        case .loading(let user):
            guard let known = users[user] else { return }
            guard reachesOthers else { return failLoading(user, at: now, into: &actions) }
            for record in records { take(record, of: user, accounts: accounts, at: now, into: &actions) }
            actions.append(.watch(known.resource))
            if users[user]!.held.values.contains(where: { $0.isIncomplete && Self.isConcerned($0) }) {
                return fetchParts(of: user, into: &actions)
            }
            endLoading(user, accounts, at: now, random: &random, into: &actions)
        case .parts(let user):
            foundParts(
                records, of: user, reachesOthers: reachesOthers, accounts: accounts, at: now, random: &random,
                into: &actions)
        case .heads(let user):
            foundHeads(records, of: user, accounts: accounts, at: now, random: &random, into: &actions)
        case .settling(let user, let key):
            let newest = records.first { $0.key == key }
            settle(
                user, key, newest, reachesOthers: reachesOthers, accounts: accounts, at: now, random: &random,
                into: &actions)
        case nil: break
        }
    }

    /// The documents are there, and parts of those that say who may watch and which lists there are.
    mutating func endLoading(
        _ user: AddressOfRecord, _ accounts: AccountUsage, at now: Instant, random: inout RandomSource,
        into actions: inout [Action]
    ) {
        guard let known = users[user] else { return }
        users[user]!.isLoaded = true
        users[user]!.waiting = []
        users[user]!.aging = []
        tell(of: user, accounts, into: &actions)
        releaseHeld(of: user, areLoaded: true, at: now, into: &actions)
        for record in known.aging {
            renew(record, account: accounts.account(user), at: now, into: &actions)
        }
        for call in known.waiting {
            carryOut(call, of: user, accounts: accounts, at: now, random: &random, into: &actions)
        }
        rest(user, at: now)
    }

    /// Nobody can be asked: those who wait may try again. Where rules are needed it is tried again anyhow.
    mutating func failLoading(
        _ user: AddressOfRecord, at now: Instant, into actions: inout [Action]
    ) {
        guard let known = users[user] else { return }
        for call in known.waiting { answer(call.id, .unavailable, into: &actions) }
        users[user]!.waiting = []
        releaseHeld(of: user, areLoaded: false, at: now, into: &actions)
        if users[user]?.subscribes.isEmpty == false {
            retries.set(user, to: now + Self.heldRetryTime)
        } else if known.reasons.isEmpty {
            letGo(of: user, into: &actions)
        } else {
            retries.set(user, to: now + Self.retryTime)
        }
    }

    /// A watched document record changed.
    package mutating func recordChanged(
        _ change: RecordChange, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        switch change {
        case .added(let record), .replaced(let record), .refreshed(let record), .deleted(let record):
            guard let user = owners[record.resource] else { return }
            learn(record, of: user, accounts: accounts, at: now, into: &actions)
        case .expired(let identity):
            guard let user = owners[identity.resource], let known = users[user]?.held[identity.key],
                known.record.notAfter <= now
            else { return }
            let document = users[user]!.drop(identity.key)
            changed(document, of: user, accounts, into: &actions)
        }
    }

    /// Takes in what another gateway may have written, whose affair it is from then on.
    mutating func learn(
        _ record: Record, of user: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        into actions: inout [Action]
    ) {
        let old = users[user]?.held[record.key]
        guard take(record, of: user, accounts: accounts, at: now, into: &actions) else { return }
        actions.append(.release(record.identity))
        if let account = accounts.account(user) { release(old?.parts, account, into: &actions) }
    }

    /// Takes a record in if it is newer than what is known.
    ///
    /// - Returns: whether something else was known before.
    @discardableResult
    mutating func take(
        _ record: Record, of user: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        into actions: inout [Action]
    ) -> Bool {
        guard let known = users[user] else { return false }
        let old = known.held[record.key]
        // What is written here need not be fetched. The watch may tell of it before the swap has ended.
        let write = known.writes[record.key].flatMap { $0.record.hasSameContent(as: record) ? $0 : nil }
        guard let new = users[user]!.take(record, content: write?.content) else { return false }
        if new.isUnreadable {
            actions.append(
                .observe(
                    Observation(.warning, "document-unreadable", "a document record of \(user) does not decrypt")))
        }
        // Whoever wrote it may be gone for good: it is kept alive by whoever needs it.
        if Self.isAging(record, at: now), let account = accounts.account(user) {
            actions.append(.keep(Self.renewed(record, by: account, at: now)))
        }
        if let old, old.record.hasSameContent(as: record) { return false }
        changed(new, of: user, accounts, into: &actions)
        return old != nil
    }

    /// A record that this node keeps has used up most of its life.
    package mutating func renew(_ record: Record, account: Account?, at now: Instant, into actions: inout [Action]) {
        guard let account, !record.isTombstone else { return }
        if record.kind == .documentPart { return renewPart(record, account: account, at: now, into: &actions) }
        if let newest = users[account.addressOfRecord]?.held[record.key]?.record, newest.sequence > record.sequence {
            return actions.append(.release(record.identity))
        }
        actions.append(.keep(Self.renewed(record, by: account, at: now)))
    }

    // MARK: Letting go

    /// Lets go of the documents after a while, unless somebody needs them.
    mutating func rest(_ user: AddressOfRecord, at now: Instant) {
        guard let known = users[user], known.isLoaded else { return }
        if known.isBusy { idle.remove(user) } else { idle.set(user, to: now + Self.idleTime) }
    }

    /// ``nextDeadline`` has come.
    package mutating func wake(at now: Instant, into actions: inout [Action]) {
        while let user = idle.popDue(at: now) { letGo(of: user, into: &actions) }
        while let user = retries.popDue(at: now) {
            guard let known = users[user], !known.isLoaded else { continue }
            lookUp(.loading(user), .document, known.resource, quorum: 2, into: &actions)
        }
    }

    private mutating func letGo(of user: AddressOfRecord, into actions: inout [Action]) {
        refuseHeld(of: user, into: &actions)
        guard let known = users.removeValue(forKey: user) else { return }
        if known.hasServices { actions.append(.lists(user, [])) }
        if known.toldManualState != nil { actions.append(.manualState(user, nil, version: 0)) }
        owners[known.resource] = nil
        account(forAssembledOf: user)
        idle.remove(user)
        retries.remove(user)
        actions.append(.unwatch(known.resource))
    }

    /// The user is no user any more.
    ///
    /// - Returns: the records to withdraw, as far as they are known.
    package mutating func remove(_ account: Account, at now: Instant, into actions: inout [Action]) -> [Record] {
        let user = account.addressOfRecord
        guard let known = users[user] else { return [] }
        // The presence agent is told of the removal itself.
        users[user]!.hasServices = false
        users[user]!.toldManualState = nil
        for document in known.held.values.sorted(by: { $0.record.identity < $1.record.identity }) {
            erase(document.parts, account, at: now, into: &actions)
        }
        let writes = known.writes.values.flatMap { [$0.call] + $0.waiting }
        for call in (known.waiting + known.waitingForParts + writes).sorted(by: { $0.id.number < $1.id.number }) {
            answer(call.id, XCAPAnswer(status: 404), into: &actions)
        }
        letGo(of: user, into: &actions)
        return known.held.values.map(\.record).filter { !$0.isTombstone }.sorted { $0.identity < $1.identity }
    }
}
