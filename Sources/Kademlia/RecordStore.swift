import Identity
import Primitives

/// The records that this node holds for the overlay, with the limits that keep it alive.
///
/// What comes in has been verified (``Record/verify(at:cache:)``); here the sequence rule and the quotas are kept.
struct RecordStore: Sendable {
    /// What a record changed.
    enum Change: Sendable {
        /// It, or one with the same content that lasts longer, was here already.
        case nothing
        case added, replaced, refreshed
    }

    private var records = SortedRecords()
    private(set) var bytes = 0
    private var quotas: StoreQuotas?
    /// No record ends before.
    private(set) var earliestEnd = Instant.distantFuture

    var count: Int { records.count }

    /// The resources of which something is held, in order.
    var resourceKeys: [ResourceKey] {
        var keys: [ResourceKey] = []
        records.visitAll { entry in
            let key = SortedRecords.resource(of: entry)
            if keys.last != key { keys.append(key) }
        }
        return keys
    }

    /// How many records of each kind are held.
    var countsByKind: [RecordKind: Int] {
        var counts: [RecordKind: Int] = [:]
        records.visitAll { counts[$0.record.kind, default: 0] += 1 }
        return counts
    }

    func record(_ identity: Record.Identity) -> Record? {
        let resource = ResourceKey(identity)
        let position = records.position(of: resource, key: identity.key)
        guard let entry = records.entry(at: position, of: resource), entry.record.key == identity.key else {
            return nil
        }
        return entry.record
    }

    /// All records of a resource, tombstones included, by key.
    func records(of resource: ResourceKey) -> [Record] {
        guard !records.isEmpty else { return [] }
        var found: [Record] = []
        records.visit(resource, from: records.position(of: resource)) { entry in
            found.append(entry.record)
            return true
        }
        return found
    }

    /// A page of a resource's records: those with keys after `after`, as many as fit.
    func page(of resource: ResourceKey, after: [UInt8]?) -> (records: [Record], hasMore: Bool) {
        guard !records.isEmpty else { return ([], false) }
        var page: [Record] = []
        var size = 0
        var hasMore = false
        records.visit(resource, from: records.position(of: resource, key: after ?? [])) { entry in
            if entry.record.key == after { return true }
            size += entry.record.encoded.count + 4
            hasMore = size > MessageLimits.pageBytes || page.count == MessageLimits.pageRecords
            if !hasMore { page.append(entry.record) }
            return !hasMore
        }
        return (page, hasMore)
    }

    func summary(of resource: ResourceKey) -> UInt64 { ResourceSummary.of(records(of: resource)) }

    /// Takes a record in, or throws why not.
    ///
    /// - Parameter expected: the compare-and-swap condition; -1 demands that nothing is held.
    /// - Parameter source: the address that sent it, nil when it was written here.
    mutating func admit(
        _ record: Record, expected: Int64?, from source: IPAddress?, limits: KademliaConfiguration
    ) throws(RecordRefusal) -> Change {
        let resource = ResourceKey(record.kind, record.resource)
        let position = records.position(of: resource, key: record.key)
        var current = records.entry(at: position, of: resource)
        if current?.record.key != record.key { current = nil }
        if let expected {
            // A repetition of the very store that succeeded, whose answer was lost, succeeds again.
            let isRepeated = current.map { $0.record.hasSameContent(as: record) } ?? false
            guard isRepeated || (current?.record.sequence ?? -1) == expected else { throw .unexpectedSequence }
        }
        if let old = current?.record {
            guard record.sequence >= old.sequence else { throw .older }
            let isSame = record.hasSameContent(as: old)
            guard record.supersedes(old) else {
                guard isSame else { throw .conflicting }
                return .nothing
            }
            guard !record.isTombstone || record.notAfter >= old.notAfter else { throw .tombstoneTooShort }
        }
        let counted = StoreQuotas.source(source, exempt: limits.exemptPrefixes)
        let entry = SortedRecords.Entry(record, source: counted)
        try checkQuotas(of: entry, replacing: current, limits)
        earliestEnd = min(earliestEnd, record.notAfter)
        guard let current else {
            records.insert(entry, at: position)
            account(for: entry, size: record.encoded.count)
            return .added
        }
        account(for: current, size: -current.record.encoded.count)
        records[position] = entry
        account(for: entry, size: record.encoded.count)
        return record.hasSameContent(as: current.record) ? .refreshed : .replaced
    }

    @discardableResult
    mutating func remove(_ identity: Record.Identity) -> Record? {
        let resource = ResourceKey(identity)
        let position = records.position(of: resource, key: identity.key)
        guard let entry = records.entry(at: position, of: resource), entry.record.key == identity.key else {
            return nil
        }
        account(for: entry, size: -entry.record.encoded.count)
        records.remove(at: position)
        return entry.record
    }

    /// Removes the records that have ended.
    ///
    /// - Returns: what they were, in order.
    mutating func removeEnded(at now: Instant) -> [Record.Identity] {
        var ended: [Record.Identity] = []
        earliestEnd = .distantFuture
        records.visitAll { entry in
            if entry.record.notAfter <= now {
                ended.append(entry.record.identity)
            } else {
                earliestEnd = min(earliestEnd, entry.record.notAfter)
            }
        }
        for identity in ended { remove(identity) }
        return ended
    }

    private mutating func checkQuotas(
        of entry: SortedRecords.Entry, replacing current: SortedRecords.Entry?, _ limits: KademliaConfiguration
    ) throws(RecordRefusal) {
        let record = entry.record
        let growth = record.encoded.count - (current?.record.encoded.count ?? 0)
        if current == nil { try checkRoom(for: record, limits) }
        guard growth > 0 || current?.source != entry.source else { return }
        guard bytes + growth <= limits.storeBytes else { throw .storeFull }
        let least = min(limits.storeBytesPerWriter, limits.storeBytesPerDomain, limits.storeBytesPerAddress)
        guard bytes + growth > least else { return }
        if quotas == nil { quotas = StoreQuotas(of: records) }
        guard let quotas else { return }
        var limit = limits.storeBytesPerWriter
        if case .domain = record.authority { limit = limits.storeBytesPerDomain }
        guard quotas.bytes(ofWriter: record.authority.signingKey) + growth <= limit else { throw .writerQuota }
        if entry.source != 0 {
            let added = current?.source == entry.source ? growth : record.encoded.count
            guard quotas.bytes(ofSource: entry.source) + added <= limits.storeBytesPerAddress else {
                throw .addressQuota
            }
        }
    }

    /// How many records a resource may have, and a writer of a mailbox.
    private func checkRoom(for record: Record, _ limits: KademliaConfiguration) throws(RecordRefusal) {
        guard !records.isEmpty else { return }
        let resource = ResourceKey(record.kind, record.resource)
        let writer = record.authority.signingKey
        var held = 0
        var own = 0
        records.visit(resource, from: records.position(of: resource)) { entry in
            held += 1
            if record.kind == .mailbox, entry.record.authority.signingKey == writer { own += 1 }
            return true
        }
        guard held < limits.recordsPerResource else { throw .resourceFull }
        guard own < limits.mailboxRecordsPerWriter else { throw .writerQuota }
    }

    private mutating func account(for entry: SortedRecords.Entry, size: Int) {
        bytes += size
        quotas?.add(size, for: entry)
    }
}
