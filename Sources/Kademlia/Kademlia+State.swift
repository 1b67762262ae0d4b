import Identity
import Primitives

// What a core tells of itself.
extension Kademlia {
    /// Contacts in the routing table.
    package var contactCount: Int { table.count }

    /// Records held for the overlay, and their bytes.
    package var heldRecords: (count: Int, bytes: Int) { (store.count, store.bytes) }

    /// Records held for the overlay, by kind.
    package var recordCounts: [RecordKind: Int] { store.countsByKind }

    /// Leases that other nodes hold here to be told of changes.
    package var leaseCount: Int { leases.count }

    /// How many nodes the overlay has by this node's estimate; nil as long as it has seen too little of it.
    package var estimatedNodes: Double? { density.nodes }

    // Borrowing, or whoever asks many cores copies each of them first.
    /// Whether the record is held here for the overlay; the newest one known.
    package borrowing func heldRecord(_ identity: Record.Identity) -> Record? { store.record(identity) }

    /// The contacts closest to an ID, nearest first.
    package func closestContacts(to id: NodeID, count: Int) -> [Contact] {
        table.closest(to: id.bits, count: count).map { contacts[$0] }
    }

    /// The contacts of the routing table.
    package var tableContacts: [ContactHandle] { table.handles }

    /// Names the memory outside of the core's own value that a message will be handled with, as addresses with numbers of
    /// bytes. A simulation of very many cores has it fetched in advance. Mutating so that it works in place.
    package mutating func touches(
        transaction: UInt64, from contact: ContactHandle, _ use: (UnsafeRawPointer, Int) -> Void
    ) {
        table.touches(contact, use)
        pending.touches(transaction, use)
    }

    /// About how many bytes the routing table takes, with the contacts that it refers to.
    package var routingBytes: Int { table.references.count * (MemoryLayout<Contact>.stride + 16) }
}
