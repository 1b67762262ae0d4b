import Identity
import Primitives

/// The clients that have pinged this node lately, so that what is sent to them comes through.
struct ClientsHeard: Sendable {
    private struct Entry: Sendable {
        let contact: ContactHandle
        /// Seconds since 1970.
        let second: UInt32
    }

    private var entries: [NodeID: Entry] = [:]

    /// A translator of addresses forgets in a minute, and a client pings twice in that time.
    private static let seconds: UInt32 = 60
    private static let most = 512

    /// All that are remembered.
    var contacts: some Sequence<ContactHandle> { entries.values.lazy.map(\.contact) }

    /// A client has pinged. When there are too many, those that were not heard lately make room, or else it is not taken.
    mutating func heard(_ node: NodeID, as contact: ContactHandle, at now: Instant) {
        let second = UInt32(truncatingIfNeeded: now.secondsSince1970)
        if entries[node] == nil, entries.count >= Self.most {
            entries = entries.filter { second &- $0.value.second < Self.seconds }
            guard entries.count < Self.most else { return }
        }
        entries[node] = Entry(contact: contact, second: second)
    }

    /// Where a client can be told something; nil when it was not heard lately.
    func contact(of node: NodeID, at now: Instant) -> ContactHandle? {
        guard let entry = entries[node],
            UInt32(truncatingIfNeeded: now.secondsSince1970) &- entry.second < Self.seconds
        else { return nil }
        return entry.contact
    }
}
