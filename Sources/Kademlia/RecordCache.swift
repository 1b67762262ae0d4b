import Primitives

/// Copies of records that others store, kept for a while because they were asked for near here.
///
/// It is apart from the store: nothing in it is handed over, replicated or written to the journal, and no quota counts
/// it. A resource is kept as a whole, and no longer than its first copy may: what comes in later can replace records,
/// but not prolong the stay.
struct RecordCache: Sendable {
    private var resources: [ResourceKey: [Record]] = [:]
    private var ends = DeadlineQueue<ResourceKey>()
    private(set) var bytes = 0

    /// The records of one resource together: an offer is one message, and worth its sending.
    static let mostBytesOfResource = 16_384

    var count: Int { ends.count }

    /// What is kept of a resource, by key.
    func records(of resource: ResourceKey, at now: Instant) -> [Record] {
        guard let end = ends[resource], end > now, let records = resources[resource] else { return [] }
        return records.filter { $0.notAfter > now }
    }

    /// Takes in verified records of one resource.
    ///
    /// - Parameter end: until when they may be kept if nothing of the resource is kept yet.
    /// - Parameter most: the bytes of all resources; those that would end first make room.
    mutating func add(_ records: [Record], of resource: ResourceKey, until end: Instant, most: Int, at now: Instant) {
        tidy(at: now)
        var merged = resources[resource] ?? []
        for record in records {
            if let position = merged.firstIndex(where: { $0.key == record.key }) {
                if record.supersedes(merged[position]) { merged[position] = record }
            } else {
                merged.append(record)
            }
        }
        merged.removeAll { $0.notAfter <= now }
        merged.sort { $0.key.lexicographicallyPrecedes($1.key) }
        let size = Self.size(merged)
        guard size <= Self.mostBytesOfResource, merged.count <= MessageLimits.pageRecords, size <= most else { return }
        let until = ends[resource] ?? end
        remove(resource)
        while bytes + size > most, let first = ends.popDue(at: .distantFuture) { drop(first) }
        resources[resource] = merged
        ends.set(resource, to: until)
        bytes += size
    }

    mutating func remove(_ resource: ResourceKey) {
        guard count > 0 else { return }
        ends.remove(resource)
        drop(resource)
    }

    /// Forgets what has been kept for long enough, and gives back the memory when nothing is left.
    mutating func tidy(at now: Instant) {
        guard count > 0 else { return }
        while let ended = ends.popDue(at: now) { drop(ended) }
        if count == 0 { self = RecordCache() }
    }

    private mutating func drop(_ resource: ResourceKey) {
        bytes -= Self.size(resources.removeValue(forKey: resource) ?? [])
    }

    private static func size(_ records: [Record]) -> Int { records.reduce(0) { $0 + $1.encoded.count } }
}
