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

    /// The contacts of the routing table. Mutating, as are those that follow, so that it works in place.
    package var tableContacts: [ContactHandle] { mutating get { table.handles } }

    /// Names the memory outside of the core's own value that a message will be handled with, as addresses with numbers of
    /// bytes. A simulation of very many cores has it fetched in advance.
    ///
    /// - Parameter message: one that will be there until this returns.
    package mutating func touches(
        _ message: UnsafePointer<Message>, from contact: ContactHandle, _ use: (UnsafeRawPointer, Int) -> Void
    ) {
        table.touches(contact, use)
        pending.touches(message.pointee.transaction, use)
        operations.touches(use)
        switch message.pointee.body {
        case .nodes(let closer): for index in closer.indices { contacts.touches(closer[index], use) }
        case .fetched(let answer): for index in answer.closer.indices { contacts.touches(answer.closer[index], use) }
        default: break
        }
    }

    /// Names the memory of the lookup or store that an answer may be for, once that of its core is at hand
    /// (``touches(_:from:_:)``).
    package mutating func touchesOperation(_ use: (UnsafeRawPointer, Int) -> Void) { operations.touchesLast(use) }

    /// Whether a record is held here for the overlay. Mutating for the same reason.
    package mutating func holds(_ identity: Record.Identity) -> Bool { store.record(identity) != nil }

    /// About how many bytes the routing table takes, with the contacts that it refers to.
    package var routingBytes: Int {
        mutating get { table.references.count * (MemoryLayout<Contact>.stride + 16) }
    }
}
