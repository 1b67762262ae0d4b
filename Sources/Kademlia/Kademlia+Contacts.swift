import Identity
import Primitives

// The directory of contacts, of which a core gives back what it does not refer to any more.
extension Kademlia {
    /// Frees the contacts that nothing here refers to, once there are many more than there were.
    ///
    /// A node hears of contacts without end; those that matter at a time are the table's, and those of the requests,
    /// lookups, leases and hand-overs under way.
    mutating func sweepContacts() {
        guard contacts.isReclaimed, contacts.count >= sweepAt else { return }
        let kept = references
        contacts.reclaim { kept.contains($0) }
        sweepAt = max(1_024, contacts.count * 2)
    }

    /// All contacts that something here refers to.
    private var references: Set<ContactHandle> {
        var kept = Set(table.references)
        for request in pending.all { if let contact = request.contact { kept.insert(contact) } }
        for operation in operations.values {
            kept.formUnion(operation.lookup.candidates.lazy.map(\.contact))
            kept.formUnion(operation.placement?.spare ?? [])
            kept.formUnion(operation.gathered.nodes)
        }
        for watch in watches.values { kept.formUnion(watch.holders.lazy.map(\.contact)) }
        kept.formUnion(leases.watchers)
        kept.formUnion(handOvers.receivers)
        kept.formUnion(estranged.elements)
        kept.formUnion(clients.contacts)
        for entry in self.kept.values { kept.formUnion(entry.holders) }
        return kept
    }
}
