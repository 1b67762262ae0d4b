import Primitives

/// The nodes with which a node has sessions: a bounded set, which forgets all when it is full.
///
/// It keeps sixteen bits of each, so that of 65,536 strangers as many pass for known as there are peers: mostly less than
/// one in a hundred.
struct PeerSet: Sendable {
    /// Open addressing; 0 marks a free place.
    private var places: [UInt16] = []
    private var count = 0

    private static let mostPlaces = 2_048

    mutating func removeAll() { self = PeerSet() }

    func contains(_ peer: UInt32) -> Bool {
        guard !places.isEmpty else { return false }
        let tag = Self.tag(of: peer)
        return places[place(of: tag)] == tag
    }

    mutating func insert(_ peer: UInt32) {
        let tag = Self.tag(of: peer)
        if !places.isEmpty, places[place(of: tag)] == tag { return }
        if count * 4 >= places.count * 3 { grow() }
        places[place(of: tag)] = tag
        count += 1
    }

    /// Names the memory that is read to find a peer.
    @inline(__always)
    func touches(_ peer: UInt32, _ use: (UnsafeRawPointer, Int) -> Void) {
        guard !places.isEmpty else { return }
        let place = Int(Self.tag(of: peer)) & (places.count - 1)
        places.touches(place..<place + 16, use)
    }

    /// Where a tag is, or would be.
    private func place(of tag: UInt16) -> Int {
        let mask = places.count - 1
        var place = Int(tag) & mask
        while places[place] != 0, places[place] != tag { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = places
        // A full set begins anew, as a node forgets the sessions that it has not used for long.
        let isFull = places.count >= Self.mostPlaces
        places = Array(repeating: 0, count: isFull ? Self.mostPlaces / 2 : max(old.count * 2, 16))
        count = 0
        guard !isFull else { return }
        for tag in old where tag != 0 {
            places[place(of: tag)] = tag
            count += 1
        }
    }

    private static func tag(of peer: UInt32) -> UInt16 {
        max(UInt16(truncatingIfNeeded: (peer &* 0x9E37_79B1) >> 16), 1)
    }
}
