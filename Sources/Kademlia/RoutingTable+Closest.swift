import Identity
import Primitives

// Finding the contacts closest to a target: what every request of a lookup asks for.
extension RoutingTable {
    /// The known contacts closest to `target`, nearest first; those that just failed are left out.
    func closest(to target: Bits256, count wanted: Int, excluding excluded: NodeID? = nil) -> [ContactHandle] {
        var found: [ContactHandle] = []
        let excluded = excluded.flatMap { contact(with: $0) }
        visitClosest(to: target, count: wanted, excluding: excluded) { found.append($0) }
        return found
    }

    /// The sixteen closest at most, as an answer names them, without those that are known to whoever asks.
    func closest(to target: Bits256, excluding excluded: ContactHandle, knownAs known: KnownContacts) -> ContactList {
        var list = ContactList()
        let wanted = min(bucketSize, MessageLimits.contacts)
        let contacts = contacts
        visitClosest(to: target, count: wanted, excluding: excluded) {
            if !known.mayContain(head: contacts.head($0)) { list.append($0) }
        }
        return list
    }

    /// Calls `take` for the known contacts closest to `target`, nearest first.
    ///
    /// The bucket that shares most bits with the target holds the closest; next come all deeper buckets, which share
    /// one bit less with it, then the shallower ones, each a bit less than the one before.
    private func visitClosest(
        to target: Bits256, count wanted: Int, excluding excluded: ContactHandle?, take: (ContactHandle) -> Void
    ) {
        guard wanted > 0, bucketCount > 0 else { return }
        let own = min((nodeID.bits ^ target).leadingZeroBitCount, bucketCount)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: wanted) { nearest in
            var open = wanted
            func visit(_ range: Range<Int>) {
                let found = selectNearest(to: target, in: range, excluding: excluded, into: nearest, count: open)
                for index in 0..<found { take(handles[Int(truncatingIfNeeded: nearest[index] & 0xFFFF_FFFF)]) }
                open -= found
            }
            if own < bucketCount { visit(range(of: own)) }
            if own + 1 < bucketCount, open > 0 { visit(range(of: own).upperBound..<count) }
            var bucket = own - 1
            while bucket >= 0, open > 0 {
                visit(range(of: bucket))
                bucket -= 1
            }
        }
    }

    /// Writes the `wanted` nearest of a range to `nearest`, in order: the first 32 bits of the distance, then the
    /// position.
    ///
    /// - Returns: how many there were.
    private func selectNearest(
        to target: Bits256, in range: Range<Int>, excluding excluded: ContactHandle?,
        into nearest: UnsafeMutableBufferPointer<UInt64>, count wanted: Int
    ) -> Int {
        let head = target.words[0]
        var found = 0
        return handles.withUnsafeBufferPointer { handles in
            for index in range {
                let entry = (contacts.head(handles[index]) ^ head) & ~0xFFFF_FFFF | UInt64(index)
                if found == wanted, entry >> 32 > nearest[found - 1] >> 32 { continue }
                if states[index].failures > 0 || handles[index] == excluded { continue }
                var place = found
                while place > 0, precedes(entry, nearest[place - 1], target) {
                    if place < wanted { nearest[place] = nearest[place - 1] }
                    place -= 1
                }
                guard place < wanted else { continue }
                nearest[place] = entry
                if found < wanted { found += 1 }
            }
            return found
        }
    }

    /// Whether the first of two entries is nearer; where 32 bits do not tell, the whole IDs do.
    @inline(__always)
    private func precedes(_ a: UInt64, _ b: UInt64, _ target: Bits256) -> Bool {
        if a >> 32 != b >> 32 { return a < b }
        return distance(a, target) < distance(b, target)
    }

    private func distance(_ entry: UInt64, _ target: Bits256) -> Bits256 {
        contacts.bits(handles[Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)]) ^ target
    }

    /// Those of some contacts that answer soonest, as far as that is known.
    func soonest(of contacts: [ContactHandle], count wanted: Int) -> [ContactHandle] {
        var soonest: [(roundTrip: Interval, contact: ContactHandle)] = []
        for contact in contacts {
            guard let known = state(of: contact)?.roundTrip, known.hasSamples else { continue }
            if soonest.count == wanted, known.smoothed >= soonest[wanted - 1].roundTrip { continue }
            let place = soonest.firstIndex { known.smoothed < $0.roundTrip } ?? soonest.count
            soonest.insert((known.smoothed, contact), at: place)
            if soonest.count > wanted { soonest.removeLast() }
        }
        return soonest.map(\.contact)
    }

    /// Whether the contacts come from so many networks (IPv4 /16, IPv6 /32) that a crowd from one of them would be
    /// conspicuous. The overlay of a company, or of one provider's machines, has no such diversity.
    var isDiverse: Bool {
        let step = max(count / 32, 1)
        var networks: [UInt32] = []
        for index in stride(from: 0, to: count, by: step) { networks.append(contacts.mark(handles[index]) >> 16) }
        networks.sort()
        var longest = 0
        var run = 0
        for index in networks.indices {
            run = index > 0 && networks[index] == networks[index - 1] ? run + 1 : 1
            longest = max(longest, run)
        }
        return networks.count >= 16 && longest * 8 <= networks.count
    }

    /// How many contacts that are not in doubt are nearer to `target` than `distance`, `most` or a few more at most.
    ///
    /// All of a bucket are equally far from the target in the bits up to the bucket's. Where those tell whether they are
    /// nearer, nobody in the bucket is looked at. Neighbours come first: where the answer matters most of those that count
    /// are among them.
    func countCloser(than distance: Bits256, to target: Bits256, most: Int = .max) -> Int {
        let head = target.words[0]
        let limit = distance.words[0]
        var closer = 0
        for bucket in (0..<bucketCount).reversed() {
            let range = range(of: bucket)
            if range.isEmpty { continue }
            if bucket < 63 {
                let shift = UInt64(63 - bucket)
                let common = (nodeID.bits.words[0] ^ head) >> shift ^ 1
                if common > limit >> shift { continue }
                if common < limit >> shift {
                    closer += states.withUnsafeBufferPointer { all in range.count { all[$0].failures == 0 } }
                    if closer >= most { break }
                    continue
                }
            }
            for index in range where states[index].failures == 0 {
                let own = contacts.head(handles[index]) ^ head
                if own < limit || own == limit && contacts.bits(handles[index]) ^ target < distance { closer += 1 }
            }
            if closer >= most { break }
        }
        return closer
    }
}
