import Identity
import Kademlia
import Primitives

/// Maps presence onto the overlay: this node's documents become encrypted records, and the state of a presentity
/// who is watched here is gathered from the nodes where they are.
///
/// For each watched presentity two ways are kept open. The presence records are watched, so that state is known
/// when its publisher is away; and for each node with a registration a subscription is held there (RFC 6665),
/// over which changes arrive in one hop. Both carry the publisher's version, and the presence agent takes each
/// version once.
package struct PresenceUsage: Sendable {
    package enum Action: Sendable {
        case keep(Record)
        case withdraw(Record)
        case watch(RecordKind, ResourceID)
        case unwatch(RecordKind, ResourceID)
        /// Hold a subscription for the presentity at that node, or end it.
        case subscribe(AddressOfRecord, at: NodeID)
        case unsubscribe(AddressOfRecord, at: NodeID)
        case learnt(PublicSigningKey, Endpoint)
        /// A node's document for the presentity; nil when it has none any more.
        case document(AddressOfRecord, source: NodeID, document: [UInt8]?, version: Int64)
        case observe(Observation)
    }

    /// Presentities watched across the overlay at one time.
    package static let maximumWatched = 20_000
    /// Nodes at which one presentity is subscribed to at one time; more devices than that are seen by record alone.
    package static let maximumSubscriptions = 8

    private struct Watched: Sendable {
        var membership: Membership
        var subscribed: Set<NodeID> = []
        /// The version of the last document seen of each node.
        var versions: [NodeID: Int64] = [:]
    }

    private let nodeID: NodeID
    private var watched: [AddressOfRecord: Watched] = [:]
    /// Which presentity a watched resource belongs to.
    private var presentities: [ResourceID: AddressOfRecord] = [:]
    private var kept: [AddressOfRecord: Record] = [:]
    /// When the publications behind a kept record run out.
    private var expiries: [AddressOfRecord: Instant] = [:]

    package init(nodeID: NodeID) { self.nodeID = nodeID }

    /// The resource under which a user's presence is found.
    package static func resource(of addressOfRecord: AddressOfRecord, domain: PublicSigningKey) -> ResourceID {
        ResourceID(kind: RecordKind.presence.rawValue, domain: domain, name: addressOfRecord.user)
    }

    // MARK: This node's documents

    /// The document that this node's publications compose to has changed.
    ///
    /// - Parameter version: higher than that of every document before it, after a restart too.
    package mutating func publish(
        _ addressOfRecord: AddressOfRecord, document: [UInt8]?, version: Int64, expires: Instant, account: Account?,
        membership: Membership?, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let account, let membership else { return }
        guard let document, expires > now else {
            if let record = release(addressOfRecord) { actions.append(.withdraw(record)) }
            return
        }
        let value = Self.key(membership, addressOfRecord, nodeID).seal(document, random: &random)
        guard value.count <= RecordLimits.valueBytes else {
            // What is stored is not true any more; those who subscribe are told the whole document.
            if let old = release(addressOfRecord) { actions.append(.withdraw(old)) }
            actions.append(
                .observe(
                    Observation(
                        .warning, "presence-too-large",
                        "the presence of \(addressOfRecord) has \(document.count) bytes and is not stored in the overlay; "
                            + "a record holds \(RecordLimits.valueBytes)")))
            return
        }
        let record = Record(
            kind: .presence, domain: membership.key, name: addressOfRecord.user, key: nodeID.bits.bytes,
            sequence: version, notAfter: min(expires, now + RecordKind.presence.longestLifetime), value: value,
            authority: .user(account.certificate), signingWith: account.identity.signing, hasGenuineCertificate: true)
        kept[addressOfRecord] = record
        expiries[addressOfRecord] = expires
        actions.append(.keep(record))
    }

    /// A document outlasted what a record may, or was refreshed: signs the record again while the publications last.
    package mutating func renew(_ record: Record, account: Account?, at now: Instant, into actions: inout [Action]) {
        guard let account, let current = kept[account.addressOfRecord], current.sequence == record.sequence,
            let expires = expiries[account.addressOfRecord], expires > record.notAfter
        else { return }
        let renewed = Record(
            kind: .presence, domain: record.domain, name: record.name, key: record.key, sequence: record.sequence,
            notAfter: min(expires, now + RecordKind.presence.longestLifetime), value: record.value,
            authority: .user(account.certificate), signingWith: account.identity.signing, hasGenuineCertificate: true)
        kept[account.addressOfRecord] = renewed
        actions.append(.keep(renewed))
    }

    /// Nothing is to be stored of the user any more: the record to withdraw, if there is one.
    package mutating func release(_ addressOfRecord: AddressOfRecord) -> Record? {
        expiries[addressOfRecord] = nil
        return kept.removeValue(forKey: addressOfRecord)
    }

    /// The node says good-bye: what it knew of its users is not true any more.
    package mutating func withdrawAll(into actions: inout [Action]) {
        for (_, record) in kept.sorted(by: { $0.key < $1.key }) { actions.append(.withdraw(record)) }
        kept = [:]
    }

    // MARK: Other nodes' documents

    /// The first watcher of the presentity has come to this node.
    package mutating func watch(
        _ addressOfRecord: AddressOfRecord, membership: Membership?, into actions: inout [Action]
    ) {
        guard let membership, watched[addressOfRecord] == nil else { return }
        guard watched.count < Self.maximumWatched else {
            actions.append(
                .observe(
                    Observation(
                        .warning, "too-many-watched",
                        "\(addressOfRecord) is not watched at other nodes: \(Self.maximumWatched) presentities are already"
                    )))
            return
        }
        watched[addressOfRecord] = Watched(membership: membership)
        for (kind, resource) in Self.resources(of: addressOfRecord, membership) {
            presentities[resource] = addressOfRecord
            actions.append(.watch(kind, resource))
        }
    }

    /// The last watcher has gone.
    package mutating func unwatch(_ addressOfRecord: AddressOfRecord, into actions: inout [Action]) {
        guard let entry = watched.removeValue(forKey: addressOfRecord) else { return }
        for (kind, resource) in Self.resources(of: addressOfRecord, entry.membership) {
            presentities[resource] = nil
            actions.append(.unwatch(kind, resource))
        }
        for node in entry.subscribed.sorted() { actions.append(.unsubscribe(addressOfRecord, at: node)) }
    }

    /// A watched registration or presence record changed.
    package mutating func recordChanged(
        _ change: RecordChange, at now: Instant, into actions: inout [Action]
    ) {
        switch change {
        case .added(let record), .replaced(let record), .refreshed(let record): take(record, at: now, into: &actions)
        case .deleted(let record): drop(record.identity, version: record.sequence, into: &actions)
        case .expired(let identity): drop(identity, version: nil, into: &actions)
        }
    }

    private mutating func take(_ record: Record, at now: Instant, into actions: inout [Action]) {
        guard let addressOfRecord = presentities[record.resource], var entry = watched[addressOfRecord],
            let bits = Bits256(record.key)
        else { return }
        let source = NodeID(bits: bits)
        guard source != nodeID else { return }
        if record.kind == .presence {
            let key = Self.key(entry.membership, addressOfRecord, source)
            guard let document = key.open(record.value) else {
                actions.append(
                    .observe(
                        Observation(
                            .warning, "presence-unreadable",
                            "the presence record of \(addressOfRecord) from node \(source) does not decrypt")))
                return
            }
            watched[addressOfRecord]?.versions[source] = record.sequence
            actions.append(
                .document(addressOfRecord, source: source, document: document, version: record.sequence))
        } else if let value = RegistrationUsage.value(of: record), value.contacts.contains(where: { $0.expires > now })
        {
            actions.append(.learnt(value.node, value.endpoint))
            guard entry.subscribed.count < Self.maximumSubscriptions, entry.subscribed.insert(source).inserted else {
                return
            }
            watched[addressOfRecord] = entry
            actions.append(.subscribe(addressOfRecord, at: source))
        }
    }

    private mutating func drop(_ identity: Record.Identity, version: Int64?, into actions: inout [Action]) {
        guard let addressOfRecord = presentities[identity.resource], let bits = Bits256(identity.key) else { return }
        let source = NodeID(bits: bits)
        guard source != nodeID else { return }
        if identity.kind == .presence {
            let last = watched[addressOfRecord]?.versions.removeValue(forKey: source) ?? 0
            actions.append(.document(addressOfRecord, source: source, document: nil, version: version ?? last))
        } else if watched[addressOfRecord]?.subscribed.remove(source) != nil {
            actions.append(.unsubscribe(addressOfRecord, at: source))
        }
    }

    /// A subscription at a node has ended for good; a later registration there opens another.
    package mutating func subscriptionEnded(_ addressOfRecord: AddressOfRecord, at node: NodeID) {
        watched[addressOfRecord]?.subscribed.remove(node)
    }

    private static func resources(
        of addressOfRecord: AddressOfRecord, _ membership: Membership
    ) -> [(RecordKind, ResourceID)] {
        [
            (.registration, RegistrationUsage.resource(of: addressOfRecord, domain: membership.key)),
            (.presence, resource(of: addressOfRecord, domain: membership.key)),
        ]
    }

    /// Each node seals under a key of its own, derived from what all nodes of the domain know.
    package static func key(
        _ membership: Membership, _ addressOfRecord: AddressOfRecord, _ node: NodeID
    ) -> SymmetricKey {
        membership.presenceKey(of: addressOfRecord).derived(context: node.bits.bytes)
    }
}
