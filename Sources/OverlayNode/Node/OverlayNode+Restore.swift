import Identity
import Kademlia
import Presence
import Primitives
import SIPStack

/// Taking up where the last process ended.
extension OverlayNode {
    /// Gives each entry to the core that wrote it. Accounts come first, since bindings are checked against them.
    mutating func restore(_ entries: [JournalEntry], at now: Instant) throws(NodeConfigurationError) {
        var discarded: [Action] = []
        for room in [
            JournalRoom.domain, .account, .invitation, .contact, .record, .binding, .publication, .subscription,
        ] {
            for entry in entries where entry.room == room {
                do throws(MalformedBytes) {
                    try restore(entry, at: now, into: &discarded)
                } catch {
                    throw NodeConfigurationError(
                        "the journal's \(room.rawValue) \(Hex.encode(entry.key.prefix(16))) can't be read: \(error)")
                }
            }
        }
    }

    private mutating func restore(
        _ entry: JournalEntry, at now: Instant, into actions: inout [Action]
    ) throws(MalformedBytes) {
        switch entry.room {
        case .domain, .account:
            var out: [AccountUsage.Action] = []
            try accounts.restore(entry, into: &out)
            route(out, at: now, into: &actions)
        case .invitation: try enrolment.restore(entry)
        case .contact:
            var reader = ByteReader(entry.value)
            let contact = try Contact(from: &reader)
            rememberedContacts.append(contact)
            remembered.insert(contact.key)
        case .record: drive(.restore(try StoredEntry(decoding: entry.value)), at: now, into: &actions)
        case .binding: drive(.restoreBinding(entry.value), at: now, into: &actions)
        case .publication:
            drive(.restore(.publication, key: entry.key, value: entry.value), at: now, into: &actions)
        case .subscription:
            drive(.restore(.subscription, key: entry.key, value: entry.value), at: now, into: &actions)
        }
    }
}
