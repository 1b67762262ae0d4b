import Identity
import Kademlia
import Primitives

/// Other nodes' documents.
extension PresenceUsage {
    /// The first watcher of the presentity has come to this node.
    package mutating func watch(
        _ addressOfRecord: AddressOfRecord, domain: PublicSigningKey?, into actions: inout [Action]
    ) {
        guard let domain, watched[addressOfRecord] == nil else { return }
        guard watched.count < Self.maximumWatched else {
            actions.append(
                .observe(
                    Observation(
                        .warning, "too-many-watched",
                        "\(addressOfRecord) is not watched at other nodes: \(Self.maximumWatched) presentities are already"
                    )))
            return
        }
        watched[addressOfRecord] = WatchedPresence(domain: domain)
        for (kind, resource) in Self.resources(of: addressOfRecord, domain) {
            presentities[resource] = addressOfRecord
            actions.append(.watch(kind, resource))
        }
    }

    /// The last watcher has gone.
    package mutating func unwatch(_ addressOfRecord: AddressOfRecord, into actions: inout [Action]) {
        guard let entry = watched.removeValue(forKey: addressOfRecord) else { return }
        for (kind, resource) in Self.resources(of: addressOfRecord, entry.domain) {
            presentities[resource] = nil
            actions.append(.unwatch(kind, resource))
        }
        for node in entry.subscribed.sorted() {
            actions.append(.unsubscribe(addressOfRecord, at: node, watcher: nil))
            for watcher in entry.watchers.keys.sorted() {
                actions.append(.unsubscribe(addressOfRecord, at: node, watcher: watcher))
            }
        }
    }

    /// The presentity's account is not held here: what this watcher may see of it is wanted.
    package mutating func ask(
        _ addressOfRecord: AddressOfRecord, for watcher: AddressOfRecord, into actions: inout [Action]
    ) {
        guard watched[addressOfRecord] != nil, watched[addressOfRecord]!.watchers[watcher] == nil else { return }
        watched[addressOfRecord]!.watchers[watcher] = WatchedPresence.Grants()
        for node in watched[addressOfRecord]!.subscribed.sorted() {
            actions.append(.subscribe(addressOfRecord, at: node, watcher: watcher))
        }
    }

    /// The watcher has gone.
    package mutating func stopAsking(
        _ addressOfRecord: AddressOfRecord, for watcher: AddressOfRecord, into actions: inout [Action]
    ) {
        guard watched[addressOfRecord]?.watchers.removeValue(forKey: watcher) != nil else { return }
        for node in watched[addressOfRecord]!.subscribed.sorted() {
            actions.append(.unsubscribe(addressOfRecord, at: node, watcher: watcher))
        }
    }

    /// A watched registration or presence record changed.
    package mutating func recordChanged(
        _ change: RecordChange, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        switch change {
        case .added(let record), .replaced(let record), .refreshed(let record):
            take(record, accounts: accounts, at: now, into: &actions)
        case .deleted(let record): drop(record.identity, version: record.sequence, into: &actions)
        case .expired(let identity): drop(identity, version: nil, into: &actions)
        }
    }

    private mutating func take(
        _ record: Record, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        guard let addressOfRecord = presentities[record.resource], let entry = watched[addressOfRecord],
            let bits = Bits256(record.key)
        else { return }
        let source = NodeID(bits: bits)
        guard source != nodeID else { return }
        let account = accounts.account(addressOfRecord)
        if record.kind == .presence {
            watched[addressOfRecord]!.records[source] = record
            if let account {
                takeWhole(record, of: account, from: source, into: &actions)
            } else {
                for watcher in entry.watchers.keys.sorted() {
                    takeVariant(addressOfRecord, for: watcher, from: source, into: &actions)
                }
            }
        } else if let value = RegistrationUsage.value(of: record), value.contacts.contains(where: { $0.expires > now })
        {
            actions.append(.learnt(value.node, value.endpoint))
            guard !entry.subscribed.contains(source) else {
                return retry(addressOfRecord, at: source, into: &actions)
            }
            guard entry.subscribed.count < Self.maximumSubscriptions else { return }
            watched[addressOfRecord]!.subscribed.insert(source)
            let watchers: [AddressOfRecord?] = account == nil ? entry.watchers.keys.sorted() : [nil]
            for watcher in watchers { actions.append(.subscribe(addressOfRecord, at: source, watcher: watcher)) }
        }
    }

    /// Asks again for those whom the node turned away before: it may have been told otherwise since.
    private mutating func retry(
        _ addressOfRecord: AddressOfRecord, at node: NodeID, into actions: inout [Action]
    ) {
        for (watcher, grants) in watched[addressOfRecord]!.watchers.sorted(by: { $0.key < $1.key })
        where grants.ended.contains(node) {
            watched[addressOfRecord]!.watchers[watcher]!.ended.remove(node)
            actions.append(.subscribe(addressOfRecord, at: node, watcher: watcher))
        }
    }

    private mutating func takeWhole(
        _ record: Record, of account: Account, from source: NodeID, into actions: inout [Action]
    ) {
        let addressOfRecord = account.addressOfRecord
        guard let document = Self.document(in: record, of: account, from: source) else {
            actions.append(
                .observe(
                    Observation(
                        .warning, "presence-unreadable",
                        "the presence record of \(addressOfRecord) from node \(source) does not decrypt")))
            return
        }
        actions.append(
            .document(
                addressOfRecord, source: source, watcher: nil, document: document, version: record.sequence))
    }

    /// Reads for a watcher what a node stored last, if they have a key for it and nothing newer from there.
    private mutating func takeVariant(
        _ addressOfRecord: AddressOfRecord, for watcher: AddressOfRecord, from source: NodeID,
        into actions: inout [Action]
    ) {
        guard let entry = watched[addressOfRecord], let record = entry.records[source],
            let grants = entry.watchers[watcher], record.sequence > grants.versions[source] ?? 0,
            let document = grants.document(in: record, from: source)
        else { return }
        watched[addressOfRecord]!.watchers[watcher]!.versions[source] = record.sequence
        actions.append(
            .document(
                addressOfRecord, source: source, watcher: watcher, document: document, version: record.sequence))
    }

    private mutating func drop(_ identity: Record.Identity, version: Int64?, into actions: inout [Action]) {
        guard let addressOfRecord = presentities[identity.resource], let bits = Bits256(identity.key),
            let entry = watched[addressOfRecord]
        else { return }
        let source = NodeID(bits: bits)
        guard source != nodeID else { return }
        if identity.kind == .presence {
            let last = watched[addressOfRecord]!.records.removeValue(forKey: source)?.sequence ?? 0
            for watcher in [nil] + entry.watchers.keys.sorted().map(Optional.some) {
                // A watcher's versions are apart from the record's (§6), whose end is the end of what was told before it.
                let known = watcher.flatMap { entry.watchers[$0]?.versions[source] } ?? last
                actions.append(
                    .document(
                        addressOfRecord, source: source, watcher: watcher, document: nil,
                        version: max(version ?? last, known)))
            }
        } else if watched[addressOfRecord]!.subscribed.remove(source) != nil {
            for watcher in [nil] + entry.watchers.keys.sorted().map(Optional.some) {
                actions.append(.unsubscribe(addressOfRecord, at: source, watcher: watcher))
            }
        }
    }

    private static func resources(
        of addressOfRecord: AddressOfRecord, _ domain: PublicSigningKey
    ) -> [(RecordKind, ResourceID)] {
        [
            (.registration, RegistrationUsage.resource(of: addressOfRecord, domain: domain)),
            (.presence, resource(of: addressOfRecord, domain: domain)),
        ]
    }

    /// The whole document in a record, for a node that holds the presentity's account.
    static func document(in record: Record, of account: Account, from node: NodeID) -> [UInt8]? {
        guard let value = try? PresenceValue(decoding: record.value) else { return nil }
        return PresenceSecrets(of: account.identity).whole(from: node).open(value.whole).flatMap(PaddedDocument.decode)
    }

    // MARK: What is notified

    /// A node notified of the presentity's state.
    package mutating func notified(
        _ addressOfRecord: AddressOfRecord, for watcher: AddressOfRecord?, by node: NodeID, _ body: [UInt8],
        version: Int64, accounts: AccountUsage, into actions: inout [Action]
    ) {
        guard let watcher else {
            let key = accounts.account(addressOfRecord).map { PresenceSecrets(of: $0.identity).whole(from: node) }
            guard let document = key?.open(body) else {
                return unreadable(addressOfRecord, by: node, into: &actions)
            }
            actions.append(
                .document(addressOfRecord, source: node, watcher: nil, document: document, version: version))
            return
        }
        guard let notification = try? VariantNotification(decoding: body) else {
            return unreadable(addressOfRecord, by: node, into: &actions)
        }
        guard watched[addressOfRecord]?.watchers[watcher] != nil else { return }
        watched[addressOfRecord]!.watchers[watcher]!.keys[node] = notification.key
        if version >= watched[addressOfRecord]!.watchers[watcher]!.versions[node] ?? 0 {
            watched[addressOfRecord]!.watchers[watcher]!.versions[node] = version
            actions.append(
                .document(
                    addressOfRecord, source: node, watcher: watcher, document: notification.document, version: version))
        }
        // What could not be read until now, be it of other nodes.
        for source in watched[addressOfRecord]!.records.keys.sorted() {
            takeVariant(addressOfRecord, for: watcher, from: source, into: &actions)
        }
    }

    private func unreadable(_ addressOfRecord: AddressOfRecord, by node: NodeID, into actions: inout [Action]) {
        actions.append(
            .observe(
                Observation(
                    .warning, "presence-unreadable",
                    "what node \(node) notified of \(addressOfRecord) does not decrypt")))
    }

    /// A subscription at a node has ended for good; a later registration there opens another.
    ///
    /// - Parameter isRefused: the watcher may not know any more what the node said.
    package mutating func subscriptionEnded(
        _ addressOfRecord: AddressOfRecord, for watcher: AddressOfRecord?, at node: NodeID, isRefused: Bool,
        into actions: inout [Action]
    ) {
        guard let watcher else {
            watched[addressOfRecord]?.subscribed.remove(node)
            return
        }
        watched[addressOfRecord]?.watchers[watcher]?.ended.insert(node)
        guard isRefused, let version = watched[addressOfRecord]?.watchers[watcher]?.versions[node] else { return }
        watched[addressOfRecord]!.watchers[watcher]!.keys[node] = nil
        actions.append(
            .document(addressOfRecord, source: node, watcher: watcher, document: nil, version: version))
    }
}
