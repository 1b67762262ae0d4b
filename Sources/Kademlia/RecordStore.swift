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

    private struct Held: Sendable {
        var record: Record
        /// The source, if quotas apply to it.
        var source: IPAddress?
    }

    private let configuration: KademliaConfiguration
    /// Each sorted by key.
    private var resources: [ResourceKey: [Held]] = [:]
    private(set) var count = 0
    private(set) var bytes = 0
    private var bytesByWriter: [PublicSigningKey: Int] = [:]
    private var bytesByAddress: [IPAddress: Int] = [:]

    init(configuration: KademliaConfiguration) { self.configuration = configuration }

    /// The resources of which something is held, in order.
    var resourceKeys: [ResourceKey] { resources.keys.sorted() }

    /// How many records of each kind are held.
    var countsByKind: [RecordKind: Int] {
        resources.reduce(into: [:]) { $0[$1.key.kind, default: 0] += $1.value.count }
    }

    func record(_ identity: Record.Identity) -> Record? {
        guard let held = resources[ResourceKey(identity)] else { return nil }
        let position = Self.position(of: identity.key, in: held)
        guard position < held.count, held[position].record.key == identity.key else { return nil }
        return held[position].record
    }

    /// All records of a resource, tombstones included, by key.
    func records(of resource: ResourceKey) -> [Record] { resources[resource]?.map(\.record) ?? [] }

    /// A page of a resource's records: those with keys after `after`, as many as fit.
    func page(of resource: ResourceKey, after: [UInt8]?) -> (records: [Record], hasMore: Bool) {
        guard let held = resources[resource] else { return ([], false) }
        var position = after.map { Self.position(of: $0, in: held) } ?? 0
        if let after, position < held.count, held[position].record.key == after { position += 1 }
        var page: [Record] = []
        var size = 0
        while position < held.count {
            let record = held[position].record
            size += record.encoded.count + 4
            guard size <= MessageLimits.pageBytes, page.count < MessageLimits.pageRecords else { return (page, true) }
            page.append(record)
            position += 1
        }
        return (page, false)
    }

    func summary(of resource: ResourceKey) -> UInt64 {
        ResourceSummary.of((resources[resource] ?? []).lazy.map(\.record))
    }

    /// Takes a record in, or throws why not.
    ///
    /// - Parameter expected: the compare-and-swap condition; -1 demands that nothing is held.
    /// - Parameter source: the address that sent it, nil when it was written here.
    mutating func admit(
        _ record: Record, expected: Int64?, from source: IPAddress?
    ) throws(RecordRefusal) -> Change {
        let key = ResourceKey(record.identity)
        let held = resources[key] ?? []
        let position = Self.position(of: record.key, in: held)
        let current = position < held.count && held[position].record.key == record.key ? held[position] : nil
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
        let counted = Self.countedSource(source, exempt: configuration.exemptPrefixes)
        try checkQuotas(of: record, replacing: current, among: held, from: counted)
        let change = current.map { record.hasSameContent(as: $0.record) ? Change.refreshed : .replaced } ?? .added
        if let current { account(for: current, sign: -1) }
        let entry = Held(record: record, source: counted)
        account(for: entry, sign: 1)
        if current == nil {
            resources[key, default: []].insert(entry, at: position)
        } else {
            resources[key]![position] = entry
        }
        return change
    }

    @discardableResult
    mutating func remove(_ identity: Record.Identity) -> Record? {
        let key = ResourceKey(identity)
        guard let held = resources[key] else { return nil }
        let position = Self.position(of: identity.key, in: held)
        guard position < held.count, held[position].record.key == identity.key else { return nil }
        account(for: held[position], sign: -1)
        if held.count == 1 {
            resources[key] = nil
        } else {
            resources[key]!.remove(at: position)
        }
        return held[position].record
    }

    private func checkQuotas(
        of record: Record, replacing current: Held?, among held: [Held], from source: IPAddress?
    ) throws(RecordRefusal) {
        let growth = record.encoded.count - (current?.record.encoded.count ?? 0)
        let writer = record.authority.signingKey
        if current == nil {
            guard held.count < configuration.recordsPerResource else { throw .resourceFull }
            if record.kind == .mailbox {
                let own = held.lazy.filter { $0.record.authority.signingKey == writer }.count
                guard own < configuration.mailboxRecordsPerWriter else { throw .writerQuota }
            }
        }
        guard growth > 0 || current?.source != source else { return }
        guard bytes + growth <= configuration.storeBytes else { throw .storeFull }
        var limit = configuration.storeBytesPerWriter
        if case .domain = record.authority { limit = configuration.storeBytesPerDomain }
        guard bytesByWriter[writer, default: 0] + growth <= limit else { throw .writerQuota }
        if let source {
            let added = current?.source == source ? growth : record.encoded.count
            guard bytesByAddress[source, default: 0] + added <= configuration.storeBytesPerAddress else {
                throw .addressQuota
            }
        }
    }

    private mutating func account(for held: Held, sign: Int) {
        let size = held.record.encoded.count * sign
        count += sign
        bytes += size
        Self.add(size, for: held.record.authority.signingKey, to: &bytesByWriter)
        if let source = held.source { Self.add(size, for: source, to: &bytesByAddress) }
    }

    private static func add<Key: Hashable>(_ size: Int, for key: Key, to table: inout [Key: Int]) {
        let sum = table[key, default: 0] + size
        table[key] = sum > 0 ? sum : nil
    }

    /// An IPv6 subscriber commands a /64, so that is what counts as an address.
    private static func countedSource(_ address: IPAddress?, exempt: [AddressPrefix]) -> IPAddress? {
        guard let address, !address.isLoopback, !exempt.contains(where: { $0.contains(address) }) else { return nil }
        return address.isV4 ? address : IPAddress(high: address.high, low: 0)
    }

    /// Where `key` stands, or would stand.
    private static func position(of key: [UInt8], in held: [Held]) -> Int {
        var low = 0
        var high = held.count
        while low < high {
            let middle = (low + high) / 2
            if held[middle].record.key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
