/// What is to happen, earliest first.
///
/// Entries are ordered by time, destination, source and sequence, never by when they were put in: however a run is
/// cut up, the order is the same.
///
/// A calendar of five levels: the finest has 1,024 buckets of 1.05 ms, and each bucket of a coarser level is as long
/// as all of the finer one. An entry lies in the level of the highest digit in which its time differs from the bucket
/// that was last taken up, so all of a finer level comes before all of a coarser one. Taking up a coarse bucket deals
/// its entries out to finer ones; taking up a bucket of the finest level sorts it. An entry is thus moved two or three
/// times between one push and one pop, always through memory that lies in the cache, however many others are pending.
package struct CalendarQueue: ~Copyable {
    /// An arrival of a message or a wake-up: 24 bytes.
    package struct Entry: Hashable, Comparable, Sendable {
        /// Nanoseconds.
        package var time: UInt64
        package var destination: UInt32
        package var source: UInt32
        /// How many events the source had sent before, modulo 2³².
        package var sequence: UInt32
        /// Where the message lies; ``CalendarQueue/wakeSlot`` for a wake-up. It has no part in the order.
        package var slot: UInt32

        package init(time: UInt64, destination: UInt32, source: UInt32, sequence: UInt32, slot: UInt32) {
            self.time = time
            self.destination = destination
            self.source = source
            self.sequence = sequence
            self.slot = slot
        }

        @inline(__always)
        package static func < (a: Entry, b: Entry) -> Bool {
            if a.time != b.time { return a.time < b.time }
            if a.destination != b.destination { return a.destination < b.destination }
            if a.source != b.source { return a.source < b.source }
            return a.sequence < b.sequence
        }
    }

    /// Entries of one stretch of time in any order, in a chain of chunks all of which but the first are full.
    struct Bucket {
        var chunk: EntryChunks.Chunk?
        /// The least time of any entry.
        var earliest = UInt64.max
        var count = 0
    }

    /// Marks a wake-up.
    package static let wakeSlot = UInt32.max

    /// The finest buckets are 2²⁰ ns long.
    static let finestBits: UInt64 = 20
    /// 2¹⁰ buckets in each level.
    static let digitBits: UInt64 = 10
    static let bucketsInLevel = 1 << Int(digitBits)
    /// The last one has 16 buckets only: then all 64 bits of a time are used up.
    static let levels = 5

    /// How many entries are pending.
    package private(set) var count = 0

    /// The start of the bucket last taken up: its digits say where the others lie.
    var position: UInt64
    /// The last nanosecond of that bucket.
    var takenThrough: UInt64
    /// `levels` times `bucketsInLevel`. The queue alone holds these pointers and is never copied, so memory is freed
    /// once, in deinit, and nobody else can read it; every index is a level below 5 and a digit of ten bits.
    let buckets: UnsafeMutablePointer<Bucket>
    /// Which buckets hold something: 16 words a level.
    let occupied: UnsafeMutablePointer<UInt64>
    /// A bit for each word of `occupied` that is not 0: 16 of them a level.
    let occupiedWords: UnsafeMutablePointer<UInt64>
    var chunks = EntryChunks()

    /// The bucket taken up, sorted; those before `nextSorted` have been popped.
    var sorted = SortedEntries()
    /// What was pushed for a time not after the bucket taken up.
    var late = EntryHeap()

    /// A queue for a run that begins at `start` nanoseconds. Earlier entries and such within 1 ms are kept in order
    /// like all others, but are slower.
    package init(start: UInt64 = 0) {
        position = (start >> Self.finestBits) << Self.finestBits
        takenThrough = position | ((1 << Self.finestBits) - 1)
        let all = Self.levels * Self.bucketsInLevel
        buckets = .allocate(capacity: all)
        buckets.initialize(repeating: Bucket(), count: all)
        occupied = .allocate(capacity: all / 64)
        occupied.initialize(repeating: 0, count: all / 64)
        occupiedWords = .allocate(capacity: Self.levels)
        occupiedWords.initialize(repeating: 0, count: Self.levels)
    }

    // All that the pointers lead to is plain numbers and pointers: nothing in it has to be destroyed one by one.
    deinit {
        buckets.deallocate()
        occupied.deallocate()
        occupiedWords.deallocate()
    }

    package var isEmpty: Bool { count == 0 }

    /// Bytes that the queue holds, full or not.
    package var memory: Int {
        Self.levels * Self.bucketsInLevel * MemoryLayout<Bucket>.stride + chunks.memory + sorted.memory + late.memory
    }

    /// The time of the entry that comes next; nil when there is none. It moves nothing, so entries may still be pushed
    /// for any time before it at no loss.
    package var nextTime: UInt64? {
        if let first = sorted.first {
            guard let other = late.first else { return first.time }
            return min(first.time, other.time)
        }
        if let other = late.first { return other.time }
        return firstBucket.map { buckets[$0].earliest }
    }

    /// Puts an entry in.
    @inline(__always)
    package mutating func push(_ entry: Entry) {
        count += 1
        if entry.time > takenThrough { file(entry) } else { late.push(entry) }
    }

    /// An entry that will come soon, about so many after the next one; nil when it is not known yet which.
    @inline(__always)
    func upcoming(_ ahead: Int) -> Entry? { sorted.upcoming(ahead) }

    /// Takes out the entry that comes next; nil when there is none.
    package mutating func pop() -> Entry? { pop(through: .max) }

    /// Takes out the entry that comes next if its time is before `limit`.
    @inline(__always)
    package mutating func pop(before limit: UInt64) -> Entry? { limit == 0 ? nil : pop(through: limit - 1) }

    @inline(__always)
    private mutating func pop(through last: UInt64) -> Entry? {
        if sorted.isEmpty, late.isEmpty {
            guard let index = firstBucket, buckets[index].earliest <= last else { return nil }
            takeUp(index)
        }
        if !late.isEmpty { return popEarlier(through: last) }
        guard let entry = sorted.first, entry.time <= last else { return nil }
        sorted.removeFirst()
        count -= 1
        return entry
    }

    /// The earlier of the first sorted and the first late one.
    private mutating func popEarlier(through last: UInt64) -> Entry? {
        guard let other = late.first else { return nil }
        if let first = sorted.first, first < other {
            guard first.time <= last else { return nil }
            sorted.removeFirst()
            count -= 1
            return first
        }
        guard other.time <= last else { return nil }
        late.removeFirst()
        count -= 1
        return other
    }
}

/// The queue owns all that its pointers lead to, and there is only one of it: it can be handed to another thread.
extension CalendarQueue: @unchecked Sendable {}
