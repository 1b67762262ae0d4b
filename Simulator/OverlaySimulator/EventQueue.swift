import Primitives

/// What is to happen, earliest first.
///
/// Events at the same time are ordered by destination, source and the source's own count, never by when they were
/// put in: however a run is cut up, the order is the same.
package struct EventQueue: Sendable {
    /// An arrival of a message or a wake-up: 24 bytes.
    package struct Entry: Sendable {
        /// Nanoseconds.
        package var time: UInt64
        package var destination: UInt32
        package var source: UInt32
        /// How many events the source had sent before, modulo 2³².
        package var sequence: UInt32
        /// Where the message lies; ``wakeSlot`` for a wake-up.
        package var slot: UInt32

        package init(time: UInt64, destination: UInt32, source: UInt32, sequence: UInt32, slot: UInt32) {
            self.time = time
            self.destination = destination
            self.source = source
            self.sequence = sequence
            self.slot = slot
        }

        @inline(__always)
        fileprivate static func precedes(_ a: Entry, _ b: Entry) -> Bool {
            if a.time != b.time { return a.time < b.time }
            if a.destination != b.destination { return a.destination < b.destination }
            if a.source != b.source { return a.source < b.source }
            return a.sequence < b.sequence
        }
    }

    /// Marks a wake-up.
    package static let wakeSlot = UInt32.max
    private static let arity = 4

    private var heap: [Entry] = []

    package init() {}

    package var count: Int { heap.count }
    package var first: Entry? { heap.first }

    package mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / Self.arity
            guard Entry.precedes(entry, heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    package mutating func pop() -> Entry? {
        guard let first = heap.first, let entry = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        var parent = 0
        while true {
            let start = parent * Self.arity + 1
            guard start < heap.count else { break }
            var least = start
            for child in start + 1..<max(start + 1, min(start + Self.arity, heap.count))
            where Entry.precedes(heap[child], heap[least]) { least = child }
            guard Entry.precedes(heap[least], entry) else { break }
            heap[parent] = heap[least]
            parent = least
        }
        heap[parent] = entry
        return first
    }
}
