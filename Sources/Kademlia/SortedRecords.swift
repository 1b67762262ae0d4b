import Primitives

/// Records in order of resource, kind and key, in chunks of some hundred: little memory for a few records, and short
/// moves among many.
struct SortedRecords: Sendable {
    /// A record with what the quotas need to know of it.
    struct Entry: Sendable {
        /// The first bits of the resource: mostly enough to tell records apart without touching them.
        fileprivate let prefix: UInt64
        let record: Record
        /// The source that it counts for; 0 for none.
        let source: UInt64

        init(_ record: Record, source: UInt64) {
            prefix = record.resource.bits.words[0]
            self.record = record
            self.source = source
        }
    }

    /// Where a record stands, or would stand.
    struct Position: Sendable {
        fileprivate var chunk: Int
        fileprivate var index: Int
    }

    /// None of them empty.
    private var chunks: [[Entry]] = []
    private(set) var count = 0

    private static let mostInChunk = 256

    var isEmpty: Bool { count == 0 }

    subscript(position: Position) -> Entry {
        get { chunks[position.chunk][position.index] }
        set { chunks[position.chunk][position.index] = newValue }
    }

    /// The place of a key of a resource, or the first place after it.
    func position(of resource: ResourceKey, key: [UInt8] = []) -> Position {
        var chunk = 0
        var high = chunks.count
        while chunk < high {
            let middle = (chunk + high) / 2
            if precedes(chunks[middle][chunks[middle].count - 1], resource, key) {
                chunk = middle + 1
            } else {
                high = middle
            }
        }
        guard chunk < chunks.count else { return Position(chunk: chunk, index: 0) }
        var low = 0
        var end = chunks[chunk].count
        while low < end {
            let middle = (low + end) / 2
            if precedes(chunks[chunk][middle], resource, key) { low = middle + 1 } else { end = middle }
        }
        return Position(chunk: chunk, index: low)
    }

    /// The entry at a position if it belongs to the resource.
    func entry(at position: Position, of resource: ResourceKey) -> Entry? {
        guard position.chunk < chunks.count else { return nil }
        let entry = self[position]
        return Self.resource(of: entry) == resource ? entry : nil
    }

    func next(_ position: Position) -> Position {
        position.index + 1 < chunks[position.chunk].count
            ? Position(chunk: position.chunk, index: position.index + 1)
            : Position(chunk: position.chunk + 1, index: 0)
    }

    /// Calls `visit` for the entries of a resource by key, from a position on, until it returns false.
    func visit(_ resource: ResourceKey, from start: Position, _ visit: (Entry) -> Bool) {
        var position = start
        while let entry = entry(at: position, of: resource), visit(entry) { position = next(position) }
    }

    /// Calls `visit` for every entry, in order.
    func visitAll(_ visit: (Entry) -> Void) {
        for chunk in chunks { for entry in chunk { visit(entry) } }
    }

    mutating func insert(_ entry: Entry, at position: Position) {
        count += 1
        guard !chunks.isEmpty else {
            chunks = [[entry]]
            return
        }
        var position = position
        if position.chunk == chunks.count {
            position = Position(chunk: chunks.count - 1, index: chunks[chunks.count - 1].count)
        }
        chunks[position.chunk].insertSparingly(entry, at: position.index)
        guard chunks[position.chunk].count > Self.mostInChunk else { return }
        let upper = Array(chunks[position.chunk][(Self.mostInChunk / 2)...])
        chunks[position.chunk].removeLast(upper.count)
        chunks.insert(upper, at: position.chunk + 1)
    }

    mutating func remove(at position: Position) {
        count -= 1
        chunks[position.chunk].remove(at: position.index)
        if chunks[position.chunk].isEmpty { chunks.remove(at: position.chunk) }
    }

    private func precedes(_ entry: Entry, _ resource: ResourceKey, _ key: [UInt8]) -> Bool {
        if entry.prefix != resource.resource.bits.words[0] { return entry.prefix < resource.resource.bits.words[0] }
        let own = Self.resource(of: entry)
        return own != resource ? own < resource : entry.record.key.lexicographicallyPrecedes(key)
    }

    static func resource(of entry: Entry) -> ResourceKey { ResourceKey(entry.record.kind, entry.record.resource) }
}
