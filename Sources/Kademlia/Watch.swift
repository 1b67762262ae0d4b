import Identity
import Primitives

/// A resource that somebody on this node watches.
struct Watch: Sendable {
    /// A storing node that was asked for a lease.
    struct Holder: Sendable {
        let contact: ContactHandle
        /// Whether it has granted one.
        var isConfirmed = false
    }

    /// The newest record that was seen under a key.
    private struct Entry: Sendable {
        var record: Record
        /// Whether it has ended. It is remembered all the same: a storing node that missed it may yet come with what
        /// it had replaced.
        var isOver = false
    }

    var tokens: [WatchToken]
    /// Names the lease at all storing nodes, so that nobody else can speak in their name.
    let lease: UInt64
    private var entries: [[UInt8]: Entry] = [:]
    var holders: [Holder] = []
    /// A lookup for the closest nodes is under way.
    var isSearching = true
    /// A storing node was lost, or there were too few.
    var needsSearch = false
    var renewals = 0

    /// Keys that are followed; a resource holds no more.
    static let mostKeys = 1_024

    init(tokens: [WatchToken], lease: UInt64) {
        self.tokens = tokens
        self.lease = lease
    }

    /// Takes in a valid record that has not ended.
    ///
    /// - Returns: the changes that it makes: none when it is known already, or older than what is; two when what was
    ///   there has just ended.
    mutating func see(_ record: Record, at now: Instant) -> [RecordChange] {
        guard let old = entries[record.key] else {
            guard makeRoom() else { return [] }
            entries[record.key] = Entry(record: record)
            return [Self.first(record)]
        }
        guard record.supersedes(old.record) else { return [] }
        let end = end(record.identity, at: now).map { [$0] } ?? []
        let wasThere = !old.record.isTombstone && old.record.notAfter > now
        entries[record.key] = Entry(record: record)
        switch (wasThere, record.isTombstone) {
        case (false, true): return end
        case (false, false): return end + [.added(record)]
        case (true, true): return [.deleted(record)]
        case (true, false): return [record.hasSameContent(as: old.record) ? .refreshed(record) : .replaced(record)]
        }
    }

    /// Sees to it that another key can be followed, if need be by forgetting what ended first.
    ///
    /// - Returns: false when there are as many keys as are followed, and nothing has ended.
    private mutating func makeRoom() -> Bool {
        guard entries.count >= Self.mostKeys else { return true }
        let over = entries.values.lazy.filter(\.isOver).map(\.record)
        let oldest = over.min { a, b in
            a.notAfter != b.notAfter ? a.notAfter < b.notAfter : a.identity < b.identity
        }
        guard let oldest else { return false }
        entries[oldest.key] = nil
        return true
    }

    /// What a record is to somebody who has been told of none with its key. A tombstone is news too: they may know
    /// from before, as after a restart, what was deleted meanwhile.
    static func first(_ record: Record) -> RecordChange { record.isTombstone ? .deleted(record) : .added(record) }

    /// A record has come to its end.
    ///
    /// - Returns: the change, unless it is known, a tombstone ended or the record has a successor.
    mutating func end(_ identity: Record.Identity, at now: Instant) -> RecordChange? {
        guard let entry = entries[identity.key], !entry.isOver, entry.record.notAfter <= now else { return nil }
        entries[identity.key]!.isOver = true
        return entry.record.isTombstone ? nil : .expired(identity)
    }

    /// When the newest record under a key ends; nil when there is none, or it has ended.
    func end(ofKey key: [UInt8]) -> Instant? { entries[key].flatMap { $0.isOver ? nil : $0.record.notAfter } }

    /// What is there, tombstones included, by key.
    var records: [Record] {
        entries.values.filter { !$0.isOver }.map(\.record).sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
