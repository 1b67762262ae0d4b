import Primitives

/// What the answers to a lookup amount to: the newest record for each key, and who holds what.
struct GatheredRecords: Sendable {
    private var newest: [[UInt8]: Record] = [:]
    /// By contact; nil is this node.
    private var held: [ContactHandle?: [[UInt8]: Record]] = [:]
    /// Nodes whose last page has come.
    private(set) var complete: Set<ContactHandle?> = []
    private(set) var firstAt: Instant?

    /// The bound of keys: as many as a storing node accepts.
    private static let mostKeys = 1_024

    /// The contacts that have answered, as far as they are remembered.
    var nodes: [ContactHandle] { complete.compactMap { $0 } + held.keys.compactMap { $0 } }

    /// Notes valid records from a node; nil is this one.
    mutating func add(_ records: [Record], from node: ContactHandle?, isLast: Bool, at now: Instant) {
        for record in records {
            held[node, default: [:]][record.key] = record
            if let known = newest[record.key] {
                if record.supersedes(known) { newest[record.key] = record }
            } else if newest.count < Self.mostKeys {
                newest[record.key] = record
            }
        }
        if !records.isEmpty, firstAt == nil { firstAt = now }
        if isLast { complete.insert(node) }
    }

    /// Nodes that had anything, and have told all.
    var holders: Int { complete.reduce(0) { held[$1] == nil ? $0 : $0 + 1 } }

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
