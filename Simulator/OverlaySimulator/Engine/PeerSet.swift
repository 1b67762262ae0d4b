/// The nodes with which a node has sessions: a bounded set, which forgets at random when it is full.
struct PeerSet: Sendable {
    /// Open addressing; `UInt32.max` marks a free place.
    private var places: [UInt32] = []
    private var count = 0

    private static let mostPlaces = 2_048

    mutating func removeAll() { self = PeerSet() }

    func contains(_ peer: UInt32) -> Bool {
        guard !places.isEmpty else { return false }
        let mask = places.count - 1
        var place = Self.home(of: peer) & mask
        while places[place] != .max {
            if places[place] == peer { return true }
            place = (place + 1) & mask
        }
        return false
    }

    mutating func insert(_ peer: UInt32) {
        guard !contains(peer) else { return }
        if count * 4 >= places.count * 3 { grow() }
        let mask = places.count - 1
        var place = Self.home(of: peer) & mask
        while places[place] != .max { place = (place + 1) & mask }
        places[place] = peer
        count += 1
    }

    private mutating func grow() {
        let old = places
        // A full set begins anew, as a node forgets the sessions that it has not used for long.
        let isFull = places.count >= Self.mostPlaces
        places = Array(repeating: .max, count: isFull ? Self.mostPlaces / 2 : max(old.count * 2, 16))
        count = 0
        guard !isFull else { return }
        for peer in old where peer != .max { insert(peer) }
    }

    private static func home(of peer: UInt32) -> Int { Int((peer &* 0x9E37_79B1) >> 8) }
}
