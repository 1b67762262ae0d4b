import Primitives

/// The nodes with which a node has sessions: a bounded set, which forgets all when it is full.
///
/// It keeps sixteen bits of each, so that of 65,536 strangers as many pass for known as there are peers: mostly less than
/// one in a hundred. A node of a large overlay has some hundred peers and there are a million nodes, so the bits lie in
/// order without gaps: as they are a hash, where a peer's must be is known to within a dozen places.
struct PeerSet: Sendable {
    /// In ascending order, none twice.
    private var tags: [UInt16] = []

    /// As a node forgets the sessions that it has not used for long, a full set begins anew.
    static let most = 1_536

    var count: Int { tags.count }

    mutating func removeAll() { tags = [] }

    func contains(_ peer: UInt32) -> Bool {
        let tag = Self.tag(of: peer)
        let place = place(of: tag)
        return place < tags.count && tags[place] == tag
    }

    mutating func insert(_ peer: UInt32) {
        let tag = Self.tag(of: peer)
        let place = place(of: tag)
        if place < tags.count, tags[place] == tag { return }
        if tags.count == Self.most {
            tags = [tag]
        } else {
            tags.insertSparingly(tag, at: place)
        }
    }

    /// Names the memory that is read to find a peer.
    @inline(__always)
    func touches(_ peer: UInt32, _ use: (UnsafeRawPointer, Int) -> Void) {
        let guess = guess(of: Self.tag(of: peer))
        tags.touches(max(guess - 16, 0)..<guess + 16, use)
    }

    /// Where a tag would be if all were equally far apart.
    private func guess(of tag: UInt16) -> Int { tags.count * Int(tag) >> 16 }

    /// Where a tag is, or would be.
    private func place(of tag: UInt16) -> Int {
        tags.withUnsafeBufferPointer { tags in
            var place = guess(of: tag)
            while place < tags.count, tags[place] < tag { place += 1 }
            while place > 0, tags[place - 1] >= tag { place -= 1 }
            return place
        }
    }

    private static func tag(of peer: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: (peer &* 0x9E37_79B1) >> 16) }
}
