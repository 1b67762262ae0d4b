/// The timers of a core: at most one deadline for each key, earliest first.
///
/// Setting a key again moves its deadline and removing it ends it, so a core needs no cancel actions: it tells
/// its shell ``earliest`` and takes what is due when woken. Keys that are due together come out in the order
/// in which they were set, so that nothing depends on hashing.
package struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var deadline: Instant
        var order: UInt64
        var key: Key
    }

    private var heap: [Entry] = []
    private var positions: [Key: Int] = [:]
    private var nextOrder: UInt64 = 0

    package init() {}

    package var count: Int { heap.count }

    /// The earliest deadline of all.
    package var earliest: Instant? { heap.first?.deadline }

    /// The deadline of `key`, if it has one.
    package subscript(key: Key) -> Instant? { positions[key].map { heap[$0].deadline } }

    /// Sets or moves the deadline of `key`.
    package mutating func set(_ key: Key, to deadline: Instant) {
        nextOrder &+= 1
        let entry = Entry(deadline: deadline, order: nextOrder, key: key)
        if let position = positions[key] {
            heap[position] = entry
            siftDown(position)
            siftUp(positions[key]!)
        } else {
            heap.append(entry)
            positions[key] = heap.count - 1
            siftUp(heap.count - 1)
        }
    }

    package mutating func remove(_ key: Key) {
        guard let position = positions.removeValue(forKey: key) else { return }
        let last = heap.removeLast()
        guard position < heap.count else { return }
        heap[position] = last
        positions[last.key] = position
        siftDown(position)
        siftUp(positions[last.key]!)
    }

    /// Takes the earliest key whose deadline is not after `now`.
    package mutating func popDue(at now: Instant) -> Key? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.key)
        return first.key
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        heap[a].deadline != heap[b].deadline
            ? heap[a].deadline < heap[b].deadline : heap[a].order < heap[b].order
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        positions[heap[a].key] = a
        positions[heap[b].key] = b
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            swap(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { return }
            swap(parent, least)
            parent = least
        }
    }
}
