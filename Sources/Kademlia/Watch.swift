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

    var tokens: [WatchToken]
    /// Names the lease at all storing nodes, so that nobody else can speak in their name.
    let lease: UInt64
    /// What has been reported, tombstones included, by key.
    var known: [[UInt8]: Record] = [:]
    var holders: [Holder] = []
    /// A lookup for the closest nodes is under way.
    var isSearching = true
    /// A storing node was lost, or there were too few.
    var needsSearch = false
    var renewals = 0

    /// Keys that are followed; a resource holds no more.
    static let mostKeys = 1_024

    /// Takes in a valid record.
    ///
    /// - Returns: the change that it makes; nil when it is known already, or older than what is.
    mutating func see(_ record: Record) -> RecordChange? {
        guard let old = known[record.key] else {
            guard known.count < Self.mostKeys else { return nil }
            known[record.key] = record
            return Self.first(record)
        }
        guard record.supersedes(old) else { return nil }
        known[record.key] = record
        switch (old.isTombstone, record.isTombstone) {
        case (true, true): return nil
        case (true, false): return .added(record)
        case (false, true): return .deleted(record)
        case (false, false): return record.hasSameContent(as: old) ? .refreshed(record) : .replaced(record)
        }
    }

    /// What a record is to somebody who has been told of none with its key. A tombstone is news too: they may know
    /// from before, as after a restart, what was deleted meanwhile.
    static func first(_ record: Record) -> RecordChange { record.isTombstone ? .deleted(record) : .added(record) }

    /// A record has come to its end.
    ///
    /// - Returns: the change, unless a tombstone ended or the record has a successor.
    mutating func end(_ identity: Record.Identity, at now: Instant) -> RecordChange? {
        guard let record = known[identity.key], record.notAfter <= now else { return nil }
        known[identity.key] = nil
        return record.isTombstone ? nil : .expired(identity)
    }

    /// What is known, by key.
    var records: [Record] { known.values.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
}
