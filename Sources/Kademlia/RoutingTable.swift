import Identity
import Primitives

/// The contacts that this node knows, near ones in full and far ones in part.
///
/// Bucket `i` holds contacts whose ID shares exactly `i` leading bits with this node's. Only contacts that were
/// heard within a session are in it, so that whatever is passed on has been verified.
///
/// All buckets lie one after the other in two arrays: the contacts, and what is known of them. A node of a large overlay
/// has hundreds of contacts, and a simulation has a million nodes.
struct RoutingTable: Sendable {
    /// A contact that would be in a bucket if there were room.
    struct Replacement: Sendable {
        var contact: ContactHandle
        var state: ContactState
    }

    let nodeID: NodeID
    let contacts: ContactDirectory
    private let configuration: SharedConfiguration

    var bucketSize: Int { shape.bucketSize }
    private var shape: KademliaConfiguration { @inline(__always) _read { yield configuration.value } }
    private(set) var handles: [ContactHandle] = []
    private(set) var states: [ContactState] = []
    /// Where each bucket ends; it begins where the one before it ends.
    private var ends: [UInt16] = []
    /// The one heard last at the end of its bucket's part.
    private var replacements: [Replacement] = []
    private var replacementEnds: [UInt16] = []
    /// When something was last looked up in each bucket, in seconds since 1970.
    private var lookedUp: [UInt32] = []

    /// Failures in a row after which a contact is given up; a single one is more often a lost datagram.
    static let toleratedFailures = 2

    init(nodeID: NodeID, contacts: ContactDirectory, configuration: SharedConfiguration) {
        self.nodeID = nodeID
        self.contacts = contacts
        self.configuration = configuration
    }

    /// Contacts in all buckets.
    var count: Int { handles.count }

    /// The bucket in which `bits` belong; nil for this node's own ID.
    func bucketIndex(of bits: Bits256) -> Int? {
        let shared = (nodeID.bits ^ bits).leadingZeroBitCount
        return shared < 256 ? shared : nil
    }

    /// The bucket in which a contact belongs.
    private func bucketIndex(of contact: ContactHandle) -> Int? {
        let difference = contacts.head(contact) ^ nodeID.bits.words[0]
        return difference == 0 ? bucketIndex(of: contacts.bits(contact)) : difference.leadingZeroBitCount
    }

    /// Buckets up to the deepest one in which a contact was seen.
    var bucketCount: Int { ends.count }

    /// How many contacts bucket `index` holds at most.
    func capacity(of index: Int) -> Int {
        index < shape.wideBuckets.count ? shape.wideBuckets[index] : shape.bucketSize
    }

    /// The first bucket that is not full: from there on all nodes nearby are known.
    var firstBucketWithRoom: Int {
        (0..<bucketCount).first { range(of: $0).count < capacity(of: $0) } ?? bucketCount
    }

    /// Where the contacts of a bucket lie in ``handles``.
    func range(of bucket: Int) -> Range<Int> { Self.range(of: bucket, in: ends) }

    /// The replacements of a bucket, the one heard last at the end.
    func replacements(of bucket: Int) -> ArraySlice<Replacement> {
        replacements[Self.range(of: bucket, in: replacementEnds)]
    }

    /// All contacts that the table refers to, replacements included.
    var references: [ContactHandle] { handles + replacements.map(\.contact) }

    /// Names the memory that is read and written when a contact is heard.
    func touches(_ contact: ContactHandle, _ use: (UnsafeRawPointer, Int) -> Void) {
        guard let bucket = bucketIndex(of: contact), bucket < ends.count else { return }
        let range = range(of: bucket)
        handles.touches(range, use)
        states.touches(range, use)
    }

    /// Where a contact stands in ``handles``.
    func position(of contact: ContactHandle) -> Int? {
        guard let bucket = bucketIndex(of: contact), bucket < ends.count else { return nil }
        return position(of: contact, in: bucket)
    }

    /// What is known of a contact of the table.
    func state(of contact: ContactHandle) -> ContactState? { position(of: contact).map { states[$0] } }

    /// The contact of the table with an ID.
    func contact(with id: NodeID) -> ContactHandle? {
        guard let bucket = bucketIndex(of: id.bits), bucket < ends.count else { return nil }
        return position(of: id, in: bucket).map { handles[$0] }
    }

    /// What is known of a contact's round trips, be it in a bucket or a replacement.
    func roundTrip(of contact: ContactHandle) -> RoundTripEstimate? {
        guard let bucket = bucketIndex(of: contact), bucket < ends.count else { return nil }
        if let position = position(of: contact, in: bucket) { return states[position].roundTrip }
        return replacements(of: bucket).first { $0.contact == contact }?.state.roundTrip
    }

    private func position(of contact: ContactHandle, in bucket: Int) -> Int? {
        let range = range(of: bucket)
        return handles.withUnsafeBufferPointer { all in
            guard let first = all.baseAddress else { return nil }
            var index = range.lowerBound
            // Sixteen at a time without a branch or a trap between them: that takes a few instructions.
            while index &+ 16 <= range.upperBound {
                let some = first + index
                var hits: UInt32 = 0
                var step = 0
                while step < 16 {
                    hits |= some[step].index == contact.index ? 1 : 0
                    step &+= 1
                }
                if hits != 0 { break }
                index &+= 16
            }
            while index < range.upperBound {
                if first[index] == contact { return index }
                index &+= 1
            }
            return nil
        }
    }

    private func position(of id: NodeID, in bucket: Int) -> Int? {
        range(of: bucket).first { contacts.hasID(handles[$0], id) }
    }

    private static func range(of bucket: Int, in ends: [UInt16]) -> Range<Int> {
        (bucket == 0 ? 0 : Int(ends[bucket - 1]))..<Int(ends[bucket])
    }

    // MARK: Signs of life

    /// Notes a sign of life.
    ///
    /// - Returns: whether the contact is new in a bucket.
    mutating func heard(from contact: ContactHandle, roundTrip: Interval?, at now: Instant) -> Bool {
        guard let bucket = bucketIndex(of: contact) else { return false }
        if bucket < ends.count, let position = position(of: contact, in: bucket) {
            states[position].heard(at: now)
            if let roundTrip { states[position].roundTrip.add(roundTrip) }
            return false
        }
        while ends.count <= bucket {
            ends.append(ends.last ?? 0)
            replacementEnds.append(replacementEnds.last ?? 0)
            lookedUp.append(UInt32(truncatingIfNeeded: now.secondsSince1970))
        }
        var state = ContactState(block: UInt16(truncatingIfNeeded: contacts.mark(contact)), heardAt: now)
        if let old = position(of: contacts.nodeID(contact), in: bucket) {
            // The node has moved to another endpoint, of which nothing is known yet.
            removeEntry(at: old, of: bucket)
        }
        if let old = takeReplacement(contact, of: bucket) { state.roundTrip = old.roundTrip }
        if let roundTrip { state.roundTrip.add(roundTrip) }
        if range(of: bucket).count < capacity(of: bucket) {
            if isWelcome(state.block, in: bucket) {
                insert(contact, state, in: bucket)
                return true
            }
        } else if let farthest = farthest(than: state.roundTrip, in: bucket), isWelcome(state.block, in: bucket) {
            // Proximity neighbour selection: of those that would do equally well the ones that answer soonest.
            let old = Replacement(contact: handles[farthest], state: states[farthest])
            removeEntry(at: farthest, of: bucket)
            insert(contact, state, in: bucket)
            appendReplacement(old, to: bucket)
            return true
        }
        appendReplacement(Replacement(contact: contact, state: state), to: bucket)
        return false
    }

    /// Notes that a contact did not answer.
    ///
    /// - Parameter isCertain: that its session broke, so that no second try is due.
    /// - Returns: the contact if it was given up, and the one that took its place.
    mutating func failed(
        _ id: NodeID, isCertain: Bool, at now: Instant
    ) -> (lost: ContactHandle?, replacement: ContactHandle?) {
        guard let bucket = bucketIndex(of: id.bits), bucket < ends.count else { return (nil, nil) }
        let candidates = replacements(of: bucket)
        if let index = candidates.firstIndex(where: { contacts.nodeID($0.contact) == id }) {
            removeReplacement(at: index, of: bucket)
        }
        guard let position = position(of: id, in: bucket) else { return (nil, nil) }
        states[position].failures += 1
        guard isCertain || states[position].failures > Self.toleratedFailures else { return (nil, nil) }
        let lost = handles[position]
        removeEntry(at: position, of: bucket)
        guard let best = bestReplacement(of: bucket) else { return (lost, nil) }
        let replacement = removeReplacement(at: best, of: bucket)
        insert(replacement.contact, replacement.state, in: bucket)
        return (lost, replacement.contact)
    }

    // MARK: Lookups

    mutating func noteLookup(of target: Bits256, at now: Instant) {
        guard let bucket = bucketIndex(of: target), bucket < ends.count else { return }
        lookedUp[bucket] = UInt32(truncatingIfNeeded: now.secondsSince1970)
    }

    /// The first bucket in which nothing was looked up for so long.
    func bucketToRefresh(after interval: Interval, at now: Instant) -> Int? {
        lookedUp.firstIndex { Instant(secondsSince1970: UInt64($0)) + interval <= now }
    }

    /// Contacts from all buckets in turn, those with the shortest distance first: good for entering the overlay again.
    func sample(_ wanted: Int) -> [ContactHandle] {
        var sample: [ContactHandle] = []
        var row = 0
        while sample.count < wanted {
            let rowStart = sample.count
            for bucket in (0..<ends.count).reversed() where sample.count < wanted {
                let range = range(of: bucket)
                if row < range.count { sample.append(handles[range.lowerBound + row]) }
            }
            guard sample.count > rowStart else { break }
            row += 1
        }
        return sample
    }

    // MARK: Entries

    private mutating func insert(_ contact: ContactHandle, _ state: ContactState, in bucket: Int) {
        let position = Int(ends[bucket])
        handles.insertSparingly(contact, at: position)
        states.insertSparingly(state, at: position)
        for index in bucket..<ends.count { ends[index] += 1 }
    }

    private mutating func removeEntry(at position: Int, of bucket: Int) {
        handles.remove(at: position)
        states.remove(at: position)
        for index in bucket..<ends.count { ends[index] -= 1 }
    }

    /// The entry with the longest round trip, if that is clearly longer than `roundTrip`; only in buckets that are
    /// not this node's neighbourhood, where distance alone counts.
    private func farthest(than roundTrip: RoundTripEstimate, in bucket: Int) -> Int? {
        guard roundTrip.hasSamples, bucket < ends.count - 1 else { return nil }
        let range = range(of: bucket)
        var worst = range.lowerBound
        for index in range where states[index].roundTrip.smoothed > states[worst].roundTrip.smoothed { worst = index }
        return roundTrip.isClearlyShorter(than: states[worst].roundTrip) ? worst : nil
    }

    /// Whether the limits of address diversity admit a contact of this block.
    private func isWelcome(_ block: UInt16, in bucket: Int) -> Bool {
        guard block != 0 else { return true }
        let near = range(of: bucket)
        return states.withUnsafeBufferPointer { states in
            var inTable = 0
            for index in states.indices { inTable &+= states[index].block == block ? 1 : 0 }
            guard inTable > 0 else { return true }
            guard inTable < shape.contactsPerPrefix else { return false }
            return near.count { states[$0].block == block } < shape.contactsPerPrefixInBucket
        }
    }

    // MARK: Replacements

    private mutating func appendReplacement(_ replacement: Replacement, to bucket: Int) {
        let range = Self.range(of: bucket, in: replacementEnds)
        if range.count >= shape.replacements { removeReplacement(at: range.lowerBound, of: bucket) }
        replacements.insertSparingly(replacement, at: Int(replacementEnds[bucket]))
        for index in bucket..<replacementEnds.count { replacementEnds[index] += 1 }
    }

    @discardableResult
    private mutating func removeReplacement(at position: Int, of bucket: Int) -> Replacement {
        for index in bucket..<replacementEnds.count { replacementEnds[index] -= 1 }
        return replacements.remove(at: position)
    }

    private mutating func takeReplacement(_ contact: ContactHandle, of bucket: Int) -> ContactState? {
        guard let index = replacements(of: bucket).firstIndex(where: { $0.contact == contact }) else { return nil }
        return removeReplacement(at: index, of: bucket).state
    }

    /// The nearest by round trip among the replacements that were measured, else the one heard last, of those that
    /// the limits of address diversity admit.
    private func bestReplacement(of bucket: Int) -> Int? {
        var best: Int?
        for index in Self.range(of: bucket, in: replacementEnds)
        where isWelcome(replacements[index].state.block, in: bucket) {
            guard let current = best else {
                best = index
                continue
            }
            let (new, old) = (replacements[index].state.roundTrip, replacements[current].state.roundTrip)
            if new.hasSamples, old.hasSamples {
                if new.smoothed < old.smoothed { best = index }
            } else if new.hasSamples || !old.hasSamples {
                best = index
            }
        }
        return best
    }
}
