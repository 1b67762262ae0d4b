import Identity
import Primitives

/// The contacts that this node knows, near ones in full and far ones in part.
///
/// Bucket `i` holds contacts whose ID shares exactly `i` leading bits with this node's. Only contacts that were
/// heard within a session are in it, so that whatever is passed on has been verified.
struct RoutingTable: Sendable {
    private let nodeID: NodeID
    private let configuration: KademliaConfiguration
    private(set) var buckets: [KBucket] = []
    private(set) var count = 0
    private var countsByBlock: [AddressBlock: Int] = [:]

    /// Failures in a row after which a contact is given up; a single one is more often a lost datagram.
    static let toleratedFailures = 2

    init(nodeID: NodeID, configuration: KademliaConfiguration) {
        self.nodeID = nodeID
        self.configuration = configuration
    }

    /// The bucket in which `id` belongs; nil for this node's own.
    func bucketIndex(of id: NodeID) -> Int? {
        let shared = (nodeID.bits ^ id.bits).leadingZeroBitCount
        return shared < 256 ? shared : nil
    }

    /// How many contacts bucket `index` holds.
    func capacity(of index: Int) -> Int {
        index < configuration.wideBuckets.count ? configuration.wideBuckets[index] : configuration.bucketSize
    }

    func entry(of id: NodeID) -> KBucket.Entry? {
        guard let index = bucketIndex(of: id), index < buckets.count else { return nil }
        return buckets[index].entries.first { $0.contact.nodeID == id }
    }

    /// Notes a sign of life.
    ///
    /// - Returns: whether the contact is new in the table.
    mutating func heard(from contact: Contact, roundTrip: Interval?, at now: Instant) -> Bool {
        guard let index = bucketIndex(of: contact.nodeID) else { return false }
        while buckets.count <= index { buckets.append(KBucket()) }
        if let position = buckets[index].entries.firstIndex(where: { $0.contact.nodeID == contact.nodeID }) {
            if buckets[index].entries[position].contact.endpoint != contact.endpoint {
                release(buckets[index].entries[position].contact)
                occupy(contact)
                buckets[index].entries[position].contact = contact
            }
            buckets[index].entries[position].lastHeard = now
            buckets[index].entries[position].failures = 0
            if let roundTrip { buckets[index].entries[position].roundTrip.add(roundTrip) }
            return false
        }
        var entry = KBucket.Entry(contact: contact, lastHeard: now)
        if let position = buckets[index].replacements.firstIndex(where: { $0.contact.nodeID == contact.nodeID }) {
            entry = buckets[index].replacements.remove(at: position)
            entry.contact = contact
            entry.lastHeard = now
        }
        if let roundTrip { entry.roundTrip.add(roundTrip) }
        if buckets[index].entries.count < capacity(of: index), isWelcome(contact, in: index) {
            insert(entry, in: index)
            return true
        }
        if buckets[index].replacements.count >= configuration.bucketSize { buckets[index].replacements.removeFirst() }
        buckets[index].replacements.append(entry)
        return false
    }

    /// Notes that a contact did not answer.
    ///
    /// - Parameter isCertain: that its session broke, so that no second try is due.
    /// - Returns: the contact if it was given up, and the one that took its place.
    mutating func failed(_ id: NodeID, isCertain: Bool) -> (lost: Contact?, replacement: Contact?) {
        guard let index = bucketIndex(of: id), index < buckets.count else { return (nil, nil) }
        buckets[index].replacements.removeAll { $0.contact.nodeID == id }
        guard let position = buckets[index].entries.firstIndex(where: { $0.contact.nodeID == id }) else {
            return (nil, nil)
        }
        buckets[index].entries[position].failures += 1
        guard isCertain || buckets[index].entries[position].failures > Self.toleratedFailures else { return (nil, nil) }
        let lost = buckets[index].entries.remove(at: position).contact
        release(lost)
        count -= 1
        let welcome = buckets[index].replacements.map { isWelcome($0.contact, in: index) }
        guard let entry = buckets[index].takeReplacement(among: welcome) else {
            return (lost, nil)
        }
        insert(entry, in: index)
        return (lost, entry.contact)
    }

    mutating func noteLookup(of target: Bits256, at now: Instant) {
        guard let index = bucketIndex(of: NodeID(bits: target)), index < buckets.count else { return }
        buckets[index].lastLookup = now
    }

    /// The known contacts closest to `target`, nearest first; those that just failed are left out.
    ///
    /// The bucket that shares most bits with the target holds the closest; next come all deeper buckets, which share
    /// one bit less with it, then the shallower ones, each a bit less than the one before.
    func closest(to target: Bits256, count wanted: Int, excluding excluded: NodeID? = nil) -> [Contact] {
        var found: [Contact] = []
        let own = min((nodeID.bits ^ target).leadingZeroBitCount, buckets.count)
        if own < buckets.count { appendSorted(own...own, target, excluded, wanted, &found) }
        if own + 1 < buckets.count { appendSorted(own + 1...buckets.count - 1, target, excluded, wanted, &found) }
        var index = own - 1
        while index >= 0, found.count < wanted {
            appendSorted(index...index, target, excluded, wanted, &found)
            index -= 1
        }
        return found
    }

    /// Contacts from all buckets in turn, those with the shortest distance first: good for entering the overlay again.
    func sample(_ wanted: Int) -> [Contact] {
        var sample: [Contact] = []
        var row = 0
        while sample.count < wanted {
            let rowStart = sample.count
            for bucket in buckets.reversed() where row < bucket.entries.count && sample.count < wanted {
                sample.append(bucket.entries[row].contact)
            }
            guard sample.count > rowStart else { break }
            row += 1
        }
        return sample
    }

    private func appendSorted(
        _ range: ClosedRange<Int>, _ target: Bits256, _ excluded: NodeID?, _ wanted: Int, _ found: inout [Contact]
    ) {
        guard found.count < wanted else { return }
        var group: [(distance: Bits256, contact: Contact)] = []
        for index in range {
            for entry in buckets[index].entries where entry.failures == 0 && entry.contact.nodeID != excluded {
                group.append((entry.contact.nodeID.bits ^ target, entry.contact))
            }
        }
        group.sort { $0.distance < $1.distance }
        found.append(contentsOf: group.prefix(wanted - found.count).lazy.map(\.contact))
    }

    private mutating func insert(_ entry: KBucket.Entry, in index: Int) {
        buckets[index].entries.append(entry)
        occupy(entry.contact)
        count += 1
    }

    /// Whether the limits of address diversity admit the contact.
    private func isWelcome(_ contact: Contact, in index: Int) -> Bool {
        guard let block = block(of: contact) else { return true }
        guard countsByBlock[block, default: 0] < configuration.contactsPerPrefix else { return false }
        let neighbours = buckets[index].entries.lazy.filter { self.block(of: $0.contact) == block }.count
        return neighbours < configuration.contactsPerPrefixInBucket
    }

    private func block(of contact: Contact) -> AddressBlock? {
        AddressBlock(contact.endpoint.address, exempt: configuration.exemptPrefixes)
    }

    private mutating func occupy(_ contact: Contact) {
        if let block = block(of: contact) { countsByBlock[block, default: 0] += 1 }
    }

    private mutating func release(_ contact: Contact) {
        guard let block = block(of: contact), let count = countsByBlock[block] else { return }
        countsByBlock[block] = count > 1 ? count - 1 : nil
    }
}
