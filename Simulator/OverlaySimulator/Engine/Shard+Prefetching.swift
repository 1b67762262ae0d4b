import CPrefetch
import Kademlia

// A node is touched once in many thousand events, so it lies in main memory, and an event would wait for it some dozens
// of times. What comes next is known: its memory is fetched while others are at work.
extension Shard {
    /// How many events ahead the node and the message are fetched.
    private static let far = 16
    /// How many ahead it is seen what they refer to; by then they are there.
    private static let near = 10
    /// And what those refer to.
    private static let nearest = 5

    /// Fetches what events will need soon.
    @inline(__always)
    func prefetch() {
        if let entry = queue.upcoming(Self.far) {
            starling_prefetch(nodes + Int(entry.destination), MemoryLayout<SimulatedNode>.stride)
            if entry.slot < Slot.first { starling_prefetch(slab.address(of: entry.slot), MemoryLayout<Message>.stride) }
        }
        guard let entry = queue.upcoming(Self.near), entry.slot < Slot.first else { return }
        // The entry is still in the queue, so its message is still in the slab.
        nodes[Int(entry.destination)].core.touches(
            slab.address(of: entry.slot), from: ContactHandle(index: entry.source)
        ) { starling_prefetch($0, $1) }
        nodes[Int(entry.destination)].peers?.touches(entry.source) { starling_prefetch($0, $1) }
        guard let entry = queue.upcoming(Self.nearest), entry.slot < Slot.first else { return }
        nodes[Int(entry.destination)].core.touchesOperation { starling_prefetch($0, $1) }
    }
}
