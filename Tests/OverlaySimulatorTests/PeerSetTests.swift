import Primitives
import Testing

@testable import OverlaySimulator

@Suite struct PeerSetTests {
    @Test(
        "every peer is known from its first message on, and few strangers pass for one",
        arguments: [1, 9, 300, 1_200])
    func knowsItsPeers(count: Int) {
        var random = RandomSource(seed: UInt64(count))
        var peers = PeerSet()
        var inserted: [UInt32] = []
        for _ in 0..<count {
            let peer = UInt32(random.next() % 1_000_000)
            peers.insert(peer)
            inserted.append(peer)
            #expect(peers.contains(peer))
        }
        #expect(inserted.allSatisfy { peers.contains($0) })
        #expect(peers.count <= Set(inserted).count)
        let mistaken = (UInt32(1_000_000)..<1_020_000).count { peers.contains($0) }
        #expect(mistaken <= 20_000 * count * 2 / 65_536 + 8)
    }

    @Test("a peer that is inserted again takes no room, and none is known after all were removed")
    func insertsOnce() {
        var peers = PeerSet()
        for _ in 0..<3 { for peer: UInt32 in 0..<100 { peers.insert(peer) } }
        #expect(peers.count == 100)
        peers.removeAll()
        #expect(peers.count == 0)
        #expect(!(UInt32(0)..<100).contains { peers.contains($0) })
    }

    @Test("a full set begins anew with the peer that found no room")
    func beginsAnew() {
        var peers = PeerSet()
        var next: UInt32 = 0
        while peers.count < PeerSet.most {
            peers.insert(next)
            next += 1
        }
        while peers.contains(next) { next += 1 }
        peers.insert(next)
        #expect(peers.count == 1)
        #expect(peers.contains(next))
    }
}
