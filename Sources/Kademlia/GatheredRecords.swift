import Primitives

/// What the answers to a lookup amount to: the newest record for each key, and who holds what.
struct GatheredRecords: Sendable {
    private var newest: [[UInt8]: Record] = [:]
    /// By contact; nil is this node.
    private var held: [ContactHandle?: [[UInt8]: Record]] = [:]
    /// What nodes gave that keep copies for a while, and do not store the resource.
    private var copies: [ContactHandle: [[UInt8]: Record]] = [:]
    /// Nodes whose last page has come.
    private(set) var complete: Set<ContactHandle?> = []
    private(set) var firstAt: Instant?

    /// The bound of keys: as many as a storing node accepts.
    private static let mostKeys = 1_024

    /// The contacts that have answered, as far as they are remembered.
    var nodes: [ContactHandle] { complete.compactMap { $0 } + held.keys.compactMap { $0 } }

    /// Notes valid records from a node; nil is this one.
    mutating func add(_ records: [Record], from node: ContactHandle?, isLast: Bool, at now: Instant) {
        for record in records { held[node, default: [:]][record.key] = record }
        note(records, at: now)
        if isLast { complete.insert(node) }
    }

    /// Notes valid records of which a node keeps copies. It does not count as one that holds them.
    mutating func add(copies records: [Record], from node: ContactHandle, at now: Instant) {
        for record in records { copies[node, default: [:]][record.key] = record }
        note(records, at: now)
        complete.insert(node)
    }

    private mutating func note(_ records: [Record], at now: Instant) {
        for record in records {
            if let known = newest[record.key] {
                if record.supersedes(known) { newest[record.key] = record }
            } else if newest.count < Self.mostKeys {
                newest[record.key] = record
            }
        }
        if !records.isEmpty, firstAt == nil { firstAt = now }
    }

    /// Nodes that gave copies.
    var copyKeepers: Int { copies.count }

    /// Whether a node has no copy of a record, or an older one.
    func lacksCopies(_ node: ContactHandle) -> Bool {
        let own = copies[node] ?? [:]
        return newest.values.contains { record in own[record.key].map { record.supersedes($0) } ?? true }
    }

    /// Nodes that had anything, and have told all.
    var holders: Int { complete.reduce(0) { held[$1] == nil ? $0 : $0 + 1 } }

    /// Whether a node had anything, and has told all.
    func hasTold(_ node: ContactHandle) -> Bool { complete.contains(node) && held[node] != nil }

    /// The newest record for each key, tombstones included, by key.
    var records: [Record] { newest.values.sorted { $0.key.lexicographicallyPrecedes($1.key) } }

    func holds(_ node: ContactHandle?) -> Bool { held[node] != nil }

    /// The records that `node`, which has told all, lacks or has in an older version.
    func missing(at node: ContactHandle?) -> [Record] {
        guard complete.contains(node) else { return [] }
        let own = held[node] ?? [:]
        return records.filter { record in own[record.key].map { record.supersedes($0) } ?? true }
    }
}
