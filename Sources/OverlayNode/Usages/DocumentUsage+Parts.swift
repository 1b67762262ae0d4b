import Kademlia
import Primitives
import XCAP

/// Documents that are larger than a record: getting their parts, and letting go of them.
extension DocumentUsage {
    /// Bytes of such documents at hand at one time, whoever's they are; beyond that some are fetched again when needed.
    static let maximumAssembledBytes = 128 << 20
    /// How often a call waits for parts because the document changes all the time.
    private static let maximumFetches = 3

    /// Whether a call has to wait for parts.
    func needsParts(_ call: DocumentCall, of known: UserDocuments) -> Bool {
        guard call.fetches < Self.maximumFetches else { return false }
        guard case .stored(let selector) = call.source else { return known.isIncomplete && call.fetches == 0 }
        guard let held = known[selector], held.isIncomplete else { return false }
        return !held.isLost || call.fetches == 0
    }

    /// Has a call wait until its document's parts are there, or can't be had.
    mutating func awaitParts(_ call: DocumentCall, of owner: AddressOfRecord, into actions: inout [Action]) {
        var call = call
        call.fetches += 1
        users[owner]!.waitingForParts.append(call)
        fetchParts(of: owner, into: &actions)
    }

    /// Begins to get the parts of all documents of a user that are not at hand.
    mutating func fetchParts(of user: AddressOfRecord, into actions: inout [Action]) {
        guard let known = users[user], known.fetch == nil else { return }
        users[user]!.fetch = PartsFetch()
        idle.remove(user)
        lookUp(.parts(user), .documentPart, known.partsResource, quorum: 2, into: &actions)
    }

    /// Parts were looked up.
    mutating func foundParts(
        _ records: [Record], of user: AddressOfRecord, reachesOthers: Bool, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard users[user] != nil else { return }
        guard reachesOthers else {
            return endFetch(of: user, .unreached, accounts, at: now, random: &random, into: &actions)
        }
        users[user]!.assemble(from: Dictionary(records.map { ($0.key, $0.value) }) { first, _ in first })
        keepAlive(records, of: user, accounts, at: now, into: &actions)
        let missing = users[user]!.missing
        guard !missing.isEmpty else {
            return endFetch(of: user, .done, accounts, at: now, random: &random, into: &actions)
        }
        users[user]!.fetch?.missing = missing
        lookUp(.heads(user), .document, users[user]!.resource, quorum: Self.everybody, into: &actions)
    }

    /// What documents there are was looked up again, as parts of what was known are not there.
    mutating func foundHeads(
        _ records: [Record], of user: AddressOfRecord, accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        for record in records { learn(record, of: user, accounts: accounts, at: now, into: &actions) }
        guard let known = users[user], let fetch = known.fetch else { return }
        let missing = known.missing
        let outcome: FetchOutcome? =
            if missing.isEmpty {
                .done
            } else if fetch.round > 1, missing == fetch.missing {
                .lost
            } else {
                fetch.round >= PartsFetch.maximumRounds ? .done : nil
            }
        if let outcome {
            return endFetch(of: user, outcome, accounts, at: now, random: &random, into: &actions)
        }
        users[user]!.fetch!.round += 1
        lookUp(.parts(user), .documentPart, known.partsResource, quorum: Self.everybody, into: &actions)
    }

    private enum FetchOutcome {
        /// What is not at hand now is changing all the time.
        case done
        /// What is not at hand now can't be had.
        case lost
        /// Nobody can be asked.
        case unreached
    }

    /// Nothing more can be done to get parts: whoever waits is told how things are.
    private mutating func endFetch(
        of user: AddressOfRecord, _ outcome: FetchOutcome, _ accounts: AccountUsage, at now: Instant,
        random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let known = users[user] else { return }
        users[user]!.fetch = nil
        let calls = known.waitingForParts
        users[user]!.waitingForParts = []
        guard outcome != .unreached else {
            for call in calls { answer(call.id, .unavailable, into: &actions) }
            if known.isLoaded { rest(user, at: now) } else { failLoading(user, at: now, into: &actions) }
            return
        }
        if outcome == .lost {
            users[user]!.giveUpIncomplete()
            actions.append(
                .observe(
                    Observation(.warning, "document-incomplete", "parts of a document of \(user) can't be found")))
        }
        account(forAssembledOf: user)
        if known.isLoaded {
            tell(of: user, accounts, into: &actions)
        } else {
            endLoading(user, accounts, at: now, random: &random, into: &actions)
        }
        for call in calls {
            carryOut(call, of: user, accounts: accounts, at: now, random: &random, into: &actions)
        }
        rest(user, at: now)
    }

    /// Whoever wrote parts may be gone for good: they are kept alive, as documents are, by whoever needs them.
    private func keepAlive(
        _ records: [Record], of user: AddressOfRecord, _ accounts: AccountUsage, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let known = users[user], let account = accounts.account(user) else { return }
        for record in records where known.needsPart(record.key) && Self.isAging(record, at: now) {
            actions.append(.keep(Self.renewed(record, by: account, at: now)))
        }
    }

    // MARK: Letting go

    /// Parts that this node keeps, and nobody else's concern now, are kept no longer.
    func release(_ parts: DocumentParts?, _ account: Account, into actions: inout [Action]) {
        for key in parts?.keys ?? [] { actions.append(.release(Self.part(key, of: account))) }
    }

    /// Parts of a version that was replaced make room at the nodes that store them.
    ///
    /// A tombstone would take up one of the resource's keys for a month. As no part's key comes again, a record without
    /// content that ends soon does the same.
    func erase(_ parts: DocumentParts?, _ account: Account, at now: Instant, into actions: inout [Action]) {
        release(parts, account, into: &actions)
        for key in parts?.keys ?? [] {
            actions.append(.erase(Self.partRecord(key, [], sequence: 2, until: now + Self.erasureTime, by: account)))
        }
    }

    /// A part that this node keeps has used up most of its life: it is renewed if a document still needs it, for which
    /// the documents have to be known.
    mutating func renewPart(_ record: Record, account: Account, at now: Instant, into actions: inout [Action]) {
        guard need(account, into: &actions), let known = users[account.addressOfRecord] else { return }
        guard known.isLoaded else {
            users[account.addressOfRecord]!.aging.append(record)
            return
        }
        if known.needsPart(record.key) {
            actions.append(.keep(Self.renewed(record, by: account, at: now)))
        } else {
            actions.append(.release(record.identity))
        }
        rest(account.addressOfRecord, at: now)
    }

    // MARK: Room

    /// Takes account of what a user's documents in parts take up, and lets go of others' when that is too much.
    mutating func account(forAssembledOf user: AddressOfRecord) {
        let bytes = users[user]?.assembledBytes ?? 0
        assembledBytes += bytes - (assembled[user] ?? 0)
        assembled[user] = bytes == 0 ? nil : bytes
        guard assembledBytes > Self.maximumAssembledBytes else { return }
        for (other, bytes) in assembled.sorted(by: { $0.key < $1.key }) where other != user {
            users[other]?.forgetAssembled()
            assembled[other] = nil
            assembledBytes -= bytes
            guard assembledBytes > Self.maximumAssembledBytes / 2 else { return }
        }
    }
}
