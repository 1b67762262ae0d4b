import Identity
import Kademlia
import Presence
import Primitives

/// Other nodes' presence records.
extension PresenceUsage {
    /// A node stored what it knows of a watched user's presence.
    mutating func takePresence(
        _ record: Record, of user: AddressOfRecord, from source: NodeID, account: Account?,
        into actions: inout [Action]
    ) {
        guard let watchers = watched[user]?.packages[.presence]?.watchers else { return }
        watched[user]!.records[source] = record
        guard let account else {
            for watcher in watchers.keys.sorted() { takeVariant(user, for: watcher, from: source, into: &actions) }
            return
        }
        guard let document = Self.document(in: record, of: account, from: source) else {
            let text = "the presence record of \(user) from node \(source) does not decrypt"
            return actions.append(.observe(Observation(.warning, "presence-unreadable", text)))
        }
        actions.append(
            .document(
                EventResource(user), source: source, watcher: nil, document: document, version: record.sequence))
    }

    /// Reads for a watcher what a node stored last, if they have a key for it and nothing newer from there.
    mutating func takeVariant(
        _ user: AddressOfRecord, for watcher: AddressOfRecord, from source: NodeID, into actions: inout [Action]
    ) {
        guard let known = watched[user], let record = known.records[source],
            let grants = known.packages[.presence]?.watchers[watcher], record.sequence > grants.versions[source] ?? 0,
            let document = grants.document(in: record, from: source)
        else { return }
        watched[user]!.packages[.presence]!.watchers[watcher]!.versions[source] = record.sequence
        actions.append(
            .document(
                EventResource(user), source: source, watcher: watcher, document: document, version: record.sequence))
    }

    /// A node has taken its record back, or it ran out (nil).
    mutating func dropPresence(
        of user: AddressOfRecord, from source: NodeID, version: Int64?, into actions: inout [Action]
    ) {
        let last = watched[user]!.records.removeValue(forKey: source)?.sequence ?? 0
        let watchers = watched[user]!.packages[.presence]?.watchers ?? [:]
        for watcher in [nil] + watchers.keys.sorted().map(Optional.some) {
            // A watcher's versions are apart from the record's (§6), whose end is the end of what was told before it.
            let known = watcher.flatMap { watchers[$0]?.versions[source] } ?? last
            actions.append(
                .document(
                    EventResource(user), source: source, watcher: watcher, document: nil,
                    version: max(version ?? last, known)))
        }
    }

    /// The whole document in a record, for a node that holds the presentity's account.
    static func document(in record: Record, of account: Account, from node: NodeID) -> [UInt8]? {
        guard let value = try? PresenceValue(decoding: record.value) else { return nil }
        return PresenceSecrets(of: account.identity).whole(from: node).open(value.whole).flatMap(PaddedDocument.decode)
    }
}
