import Identity
import Primitives

// Copies along the path (Maymounkov and Mazières, 2002, §2.3): what many ask for is found before the nodes that store
// it are reached.
extension Kademlia {
    /// A copy that would be kept for less is not worth the message.
    private static let shortestStay = Interval.seconds(10)

    // MARK: The reader's side

    /// Gives what a lookup found to the closest node beyond those that store it which answered without having it.
    ///
    /// - Parameter operation: a lookup that has ended. What it found in caches alone is given to nobody, or copies of
    ///   copies would outlast every age.
    mutating func offerCopies(of operation: Operation, into actions: inout [Action]) {
        guard operation.resource?.kind.mayBeCached ?? false, operation.gathered.holders > 0 else { return }
        let candidates = operation.lookup.candidates
        // Nodes that are closer than one that has it are sent the record to be stored.
        guard let farthest = candidates.lastIndex(where: { operation.gathered.holds($0.contact) }),
            let nearest = candidates[(farthest + 1)...].first(where: { candidate in
                candidate.state == .answered && operation.gathered.complete.contains(candidate.contact)
            })
        else { return }
        let records = operation.gathered.records
        guard operation.gathered.lacksCopies(nearest.contact),
            records.reduce(0, { $0 + $1.encoded.count }) <= RecordCache.mostBytesOfResource,
            records.count <= MessageLimits.pageRecords
        else { return }
        operation.trace.requests += 1
        send(.cache(records), to: nearest.contact, into: &actions)
    }

    // MARK: The keeper's side

    /// Keeps copies that a reader gives, if this node may and stores nothing of the resource itself.
    mutating func takeCopies(_ records: [Record], at now: Instant) {
        guard phase == .member, !isClient, let first = records.first, first.kind.mayBeCached else { return }
        let resource = ResourceKey(first.identity)
        let size = records.reduce(0) { $0 + $1.encoded.count }
        guard size <= RecordCache.mostBytesOfResource, store.records(of: resource).isEmpty else { return }
        let age = ageLimit(of: resource.resource)
        guard age >= Self.shortestStay else { return }
        do throws(RecordRefusal) {
            for record in records {
                guard ResourceKey(record.identity) == resource else { throw .notAllowed }
                try record.verify(at: now, cache: &verified)
            }
        } catch {
            return
        }
        cache.add(records, of: resource, until: now + age, most: configuration.cacheBytes, at: now)
    }

    /// How long a copy may be kept here: the longest with the nodes that store the record, half as long with each
    /// doubling of the number of nodes that are closer. So most copies lie where most lookups pass, and the farther a
    /// copy has strayed the less it matters.
    func ageLimit(of resource: ResourceID) -> Interval {
        let distance = nodeID.bits ^ resource.bits
        var closer = Double(table.countCloser(than: distance, to: resource.bits))
        if let spacing = density.spacing, spacing > 0 { closer = max(closer, distance.fraction / spacing) }
        let storing = Double(configuration.bucketSize)
        return closer > storing ? configuration.cacheLifetime * (storing / closer) : configuration.cacheLifetime
    }
}

extension RecordKind {
    /// Whether a copy that is some minutes old does no harm. A user's keys and the nodes that offer a service change
    /// seldom; where somebody is must be known at once, and a document is written over what was read.
    var mayBeCached: Bool {
        switch self {
        case .certificate, .service: true
        case .registration, .presence, .document, .documentPart, .mailbox, .account: false
        }
    }
}
