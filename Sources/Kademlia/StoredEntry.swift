import Primitives

/// A record as a journal keeps it, with why this node has it.
package struct StoredEntry: Hashable, Sendable {
    package var record: Record
    /// This node is one of those that store the record for the overlay.
    package var isReplica: Bool
    /// This node wrote the record and keeps it alive.
    package var isKept: Bool

    package init(record: Record, isReplica: Bool, isKept: Bool) {
        self.record = record
        self.isReplica = isReplica
        self.isKept = isKept
    }

    /// One byte of flags (1 replica, 2 kept), then the record.
    package func encode() -> [UInt8] { [(isReplica ? 1 : 0) | (isKept ? 2 : 0)] + record.encoded }

    /// Reads what ``encode()`` wrote.
    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        guard let flags = bytes.first, flags <= 3 else { throw MalformedBytes("not a journal entry of a record") }
        self.init(
            record: try Record(decoding: Array(bytes.dropFirst())), isReplica: flags & 1 != 0, isKept: flags & 2 != 0)
    }
}
