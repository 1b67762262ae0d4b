/// The few entries that come too late for the calendar: a heap in which each has four others below it.
struct EntryHeap: ~Copyable {
    private static let arity = 4

    /// Room for `capacity` entries, the first `count` of which are initialized. Nobody else holds the pointer, and
    /// the struct is never copied, so the memory is freed once; no index below reaches `count`.
    private var entries: UnsafeMutablePointer<CalendarQueue.Entry>
    private var capacity = 64
    private(set) var count = 0

    init() { entries = .allocate(capacity: capacity) }

    deinit { entries.deallocate() }

    /// Bytes.
    var memory: Int { capacity * MemoryLayout<CalendarQueue.Entry>.stride }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    @inline(__always)
    var first: CalendarQueue.Entry? { count == 0 ? nil : entries[0] }

    mutating func push(_ entry: CalendarQueue.Entry) {
        if count == capacity { grow() }
        var child = count
        count += 1
        while child > 0 {
            let parent = (child - 1) / Self.arity
            guard entry < entries[parent] else { break }
            entries[child] = entries[parent]
            child = parent
        }
        entries[child] = entry
    }

    /// Takes out the first; there must be one.
    mutating func removeFirst() {
        precondition(count > 0, "nothing is late")
        count -= 1
        let entry = entries[count]
        var parent = 0
        while true {
            let start = parent * Self.arity + 1
            guard start < count else { break }
            var least = start
            for child in start + 1..<max(start + 1, min(start + Self.arity, count))
            where entries[child] < entries[least] { least = child }
            guard entries[least] < entry else { break }
            entries[parent] = entries[least]
            parent = least
        }
        entries[parent] = entry
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<CalendarQueue.Entry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}
