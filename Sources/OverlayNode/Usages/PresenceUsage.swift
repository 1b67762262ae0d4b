import Identity
import Kademlia
import Presence
import Primitives

/// Maps event state onto the overlay: this node's presence documents become encrypted records, and the state of a user
/// who is watched here is gathered from the nodes where they are.
///
/// For each watched user and event package a subscription is held at each node with a registration (RFC 6665), over which
/// changes arrive in one hop. Presence has a second way: its records are watched, so that it is known when its publisher
/// is away. Both carry the publisher's version, and the presence agent takes each version once. A node that holds the presentity's account reads whole documents. Any other subscribes for each of its
/// watchers, is told what that watcher may see, and is given the key of that in records.
package struct PresenceUsage: Sendable {
    package enum Action: Sendable {
        case keep(Record)
        case withdraw(Record)
        case watch(RecordKind, ResourceID)
        case unwatch(RecordKind, ResourceID)
        /// Hold a subscription to the resource at that node, or end it; for a watcher here, or where the account is held
        /// for this node (nil).
        case subscribe(EventResource, at: NodeID, watcher: AddressOfRecord?)
        case unsubscribe(EventResource, at: NodeID, watcher: AddressOfRecord?)
        case learnt(PublicSigningKey, Endpoint)
        /// A node's document of the resource, or what one watcher may see of it; nil when it has none any more.
        case document(EventResource, source: NodeID, watcher: AddressOfRecord?, document: [UInt8]?, version: Int64)
        /// The user has left a node: what it said of the resource counts no more.
        case gone(EventResource, source: NodeID)
        case observe(Observation)
    }

    /// Users watched across the overlay at one time.
    package static let maximumWatched = 20_000
    /// Nodes at which one user is watched at one time; the presence of more devices than that is seen by record alone.
    package static let maximumSubscriptions = 8

    let nodeID: NodeID
    var watched: [AddressOfRecord: WatchedUser] = [:]
    /// Which user a watched resource belongs to.
    var users: [ResourceID: AddressOfRecord] = [:]
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
    /// - Parameters:
    ///   - variants: what classes of watchers at other nodes may see of it.
    ///   - version: higher than that of every document before it, after a restart too; that of the last one when this is
    ///     the same and lasts as long or longer.
    package mutating func publish(
        _ addressOfRecord: AddressOfRecord, document: [UInt8]?,
        variants: [(watchers: WatcherClass, document: [UInt8])] = [], version: Int64, expires: Instant,
        account: Account?, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) {
        guard let account else { return }
        guard let document, expires > now else {
            if let record = release(addressOfRecord) { actions.append(.withdraw(record)) }
            return
        }
        if let current = kept[addressOfRecord], current.sequence == version {
            return prolong(current, until: expires, of: account, at: now, into: &actions)
        }
        let secrets = PresenceSecrets(of: account.identity)
        let whole = secrets.whole(from: nodeID).seal(PaddedDocument.encode(document), random: &random)
        var value = PresenceValue(whole: whole)
        guard value.length <= RecordLimits.valueBytes else {
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
        for variant in variants {
            let key = secrets.variant(for: variant.watchers, at: now)
            let sealed = key.seal(variant.document, from: nodeID, random: &random)
            value.variants.append(PresenceValue.Variant(label: key.label, sealed: sealed))
            // Classes for which there is no room are told by NOTIFY alone.
            if value.length > RecordLimits.valueBytes { value.variants.removeLast() }
        }
        let record = Record(
            kind: .presence, domain: account.certificate.domainKey, name: addressOfRecord.user, key: nodeID.bits.bytes,
            sequence: version, notAfter: min(expires, now + RecordKind.presence.longestLifetime), value: value.encode(),
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

    /// What is stored holds longer. As long as the record has half of that time left it is not signed and stored anew:
    /// before it ends ``renew(_:account:at:into:)`` does that, once for all refreshes until then.
    private mutating func prolong(
        _ record: Record, until expires: Instant, of account: Account, at now: Instant, into actions: inout [Action]
    ) {
        expiries[account.addressOfRecord] = expires
        let end = min(expires, now + RecordKind.presence.longestLifetime)
        guard record.notAfter - now < (end - now) * 0.5 else { return }
        renew(record, account: account, at: now, into: &actions)
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
}
