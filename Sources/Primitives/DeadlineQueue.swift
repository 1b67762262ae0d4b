/// The timers of a core: at most one deadline for each key, earliest first.
///
/// Setting a key again moves its deadline and removing it ends it, so a core needs no cancel actions: it tells
/// its shell ``earliest`` and takes what is due when woken. Keys that are due together come out in the order
/// in which they were set, so that nothing depends on hashing.
///
/// Most timers are moved later or removed before they are due, and neither touches the heap: an entry stays where it is
/// until it comes to the top, and is then put where its key belongs by now, or dropped.
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

    /// What is true of a key.
    @usableFromInline struct Timer: Sendable {
        @usableFromInline var deadline: Instant
        /// When it was set, counted in settings.
        @usableFromInline var order: UInt64
        /// The order of the entry that stands for it in the heap, which is never behind where the key belongs.
        @usableFromInline var entry: UInt64

        @inlinable init(deadline: Instant, order: UInt64) {
            self.deadline = deadline
            self.order = order
            entry = order
        }
    }

    @usableFromInline var heap: [Entry] = []
    @usableFromInline var timers: [Key: Timer] = [:]
    @usableFromInline var nextOrder: UInt64 = 0

    @inlinable package init() {}

    /// The earliest deadline of all. Stored, so that to read it copies nothing.
    @usableFromInline package internal(set) var earliest: Instant?

    @inlinable package var count: Int { timers.count }

    /// The deadline of `key`, if it has one.
    @inlinable package subscript(key: Key) -> Instant? { timers[key]?.deadline }

    /// Sets or moves the deadline of `key`.
    @inlinable package mutating func set(_ key: Key, to deadline: Instant) {
        nextOrder &+= 1
        if let index = timers.index(forKey: key) {
            let old = timers.values[index]
            if deadline >= old.deadline {
                timers.values[index].deadline = deadline
                timers.values[index].order = nextOrder
            } else {
                timers.values[index] = Timer(deadline: deadline, order: nextOrder)
                push(Entry(deadline: deadline, order: nextOrder, key: key))
            }
            if heap[0].order == old.entry { settle() } else { dropStale() }
        } else {
            timers[key] = Timer(deadline: deadline, order: nextOrder)
            push(Entry(deadline: deadline, order: nextOrder, key: key))
        }
        earliest = heap[0].deadline
    }

    @inlinable package mutating func remove(_ key: Key) {
        guard let old = timers.removeValue(forKey: key) else { return }
        if heap[0].order == old.entry { settle() } else { dropStale() }
        earliest = heap.first?.deadline
    }

    /// Takes the earliest key whose deadline is not after `now`.
    @inlinable package mutating func popDue(at now: Instant) -> Key? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.key)
        return first.key
    }

    /// Clears the top of the heap of entries that are not true any more, so that the first is.
    @inlinable mutating func settle() {
        while let first = heap.first {
            let timer = timers[first.key]
            if let timer, timer.entry == first.order {
                if timer.order == first.order { return }
                timers[first.key] = Timer(deadline: timer.deadline, order: timer.order)
                sink(Entry(deadline: timer.deadline, order: timer.order, key: first.key), from: 0)
            } else {
                let last = heap.removeLast()
                if !heap.isEmpty { sink(last, from: 0) }
            }
        }
    }

    /// Bounds what is left of removed keys: builds the heap anew once more than half of it stands for nothing.
    @inlinable mutating func dropStale() {
        guard heap.count > 64, heap.count > 2 * timers.count else { return }
        timers = timers.mapValues { Timer(deadline: $0.deadline, order: $0.order) }
        heap = timers.map { key, timer in Entry(deadline: timer.deadline, order: timer.order, key: key) }
        // A sorted array is a heap.
        heap.sort { $0.precedes($1) }
    }

    @inlinable mutating func push(_ entry: Entry) {
        heap.append(entry)
        var free = heap.count - 1
        while free > 0, entry.precedes(heap[(free - 1) / 2]) {
            heap[free] = heap[(free - 1) / 2]
            free = (free - 1) / 2
        }
        heap[free] = entry
    }

    /// Puts an entry where it belongs at a place that is free or beneath it.
    @inlinable mutating func sink(_ entry: Entry, from start: Int) {
        var free = start
        while let child = earlierChild(of: free), heap[child].precedes(entry) {
            heap[free] = heap[child]
            free = child
        }
        heap[free] = entry
    }

    @inlinable func earlierChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left + 1].precedes(heap[left]) ? left + 1 : left
    }
}
