import Identity
import Kademlia
import Presence
import Primitives
import SIPStack

/// Taking up where the last process ended.
extension OverlayNode {
    /// Gives each entry to the core that wrote it. Accounts come first, since bindings are checked against them.
    mutating func restore(_ entries: [JournalEntry], at now: Instant) throws(NodeConfigurationError) {
        var said: [Action] = []
        for room in [
            JournalRoom.domain, .account, .invitation, .contact, .record, .binding, .presenceRules, .absence,
            .publication, .subscription, .call,
        ] {
            for entry in entries where entry.room == room {
                do throws(MalformedBytes) {
                    try restore(entry, at: now, into: &said)
                } catch {
                    throw NodeConfigurationError(
                        "the journal's \(room.rawValue) \(Hex.encode(entry.key.prefix(16))) can't be read: \(error)")
                }
            }
        }
        // What has ended meanwhile leaves the journal at the start; nothing else can be done before.
        saidWhileRestoring = said.filter {
            switch $0 {
            case .forget, .observe: true
            default: false
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
        case .record:
            let stored = try StoredEntry(decoding: entry.value)
            if stored.isKept { goOn(after: stored.record, at: now) }
            drive(.restore(stored), at: now, into: &actions)
        case .binding: drive(.restoreBinding(entry.value), at: now, into: &actions)
        case .presenceRules:
            drive(.restore(.rules, key: entry.key, value: entry.value), at: now, into: &actions)
        case .absence:
            drive(.restore(.absence, key: entry.key, value: entry.value), at: now, into: &actions)
        case .publication:
            drive(.restore(.publication, key: entry.key, value: entry.value), at: now, into: &actions)
        case .subscription:
            drive(.restore(.subscription, key: entry.key, value: entry.value), at: now, into: &actions)
        case .call: track(.restore(key: entry.key, value: entry.value), isTold: false, at: now, into: &actions)
        }
    }

    /// What this node wrote before may bear a later time than the clock shows now. Sequences go on from there, or
    /// nobody would take what is written next.
    private mutating func goOn(after record: Record, at now: Instant) {
        guard record.key == identity.nodeID.bits.bytes else { return }
        switch record.kind {
        case .registration: registrations.goOn(after: record.sequence)
        case .presence: presence.raiseVersion(to: record.sequence, at: now)
        default: break
        }
    }
}
