/// The timers of a core: at most one deadline for each key, earliest first.
///
/// Setting a key again moves its deadline and removing it ends it, so a core needs no cancel actions: it tells
/// its shell ``earliest`` and takes what is due when woken. Keys that are due together come out in the order
/// in which they were set, so that nothing depends on hashing.
@usableFromInline package struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
    @usableFromInline struct Entry: Sendable {
        @usableFromInline let deadline: Instant
        @usableFromInline let order: UInt64
        @usableFromInline let key: Key

        @inlinable init(deadline: Instant, order: UInt64, key: Key) {
            self.deadline = deadline
            self.order = order
            self.key = key
        }

        @inlinable func precedes(_ other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : order < other.order
        }
    }

    @usableFromInline var heap: [Entry] = []
    @usableFromInline var positions: [Key: Int] = [:]
    @usableFromInline var nextOrder: UInt64 = 0

    @inlinable package init() {}

    /// The earliest deadline of all. Stored, so that to read it copies nothing.
    @usableFromInline package internal(set) var earliest: Instant?

    @inlinable package var count: Int { heap.count }

    /// The deadline of `key`, if it has one.
    @inlinable package subscript(key: Key) -> Instant? { positions[key].map { heap[$0].deadline } }

    /// Sets or moves the deadline of `key`.
    @inlinable package mutating func set(_ key: Key, to deadline: Instant) {
        nextOrder &+= 1
        let entry = Entry(deadline: deadline, order: nextOrder, key: key)
        if let position = positions[key] {
            place(entry, near: position)
        } else {
            heap.append(entry)
            place(entry, near: heap.count - 1)
        }
        earliest = heap[0].deadline
    }

    @inlinable package mutating func remove(_ key: Key) {
        guard let position = positions.removeValue(forKey: key) else { return }
        let last = heap.removeLast()
        if position < heap.count { place(last, near: position) }
        earliest = heap.first?.deadline
    }

    /// Takes the earliest key whose deadline is not after `now`.
    @inlinable package mutating func popDue(at now: Instant) -> Key? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.key)
        return first.key
    }

    /// Puts an entry where it belongs, beginning at a place that is free; what stands in its way moves there.
    @inlinable mutating func place(_ entry: Entry, near start: Int) {
        var free = start
        while free > 0, entry.precedes(heap[(free - 1) / 2]) {
            move((free - 1) / 2, to: free)
            free = (free - 1) / 2
        }
        if free == start {
            while let child = earlierChild(of: free), heap[child].precedes(entry) {
                move(child, to: free)
                free = child
            }
        }
        heap[free] = entry
        positions[entry.key] = free
    }

    @inlinable func earlierChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left + 1].precedes(heap[left]) ? left + 1 : left
    }

    @inlinable mutating func move(_ source: Int, to free: Int) {
        heap[free] = heap[source]
        positions[heap[free].key] = free
    }
}
