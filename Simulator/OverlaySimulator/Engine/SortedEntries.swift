/// The entries of one bucket in order, from which the first is taken again and again.
struct SortedEntries: ~Copyable {
    /// Up to here sorting by insertion is fastest.
    private static let few = 32
    private static let mostBits = 14

    /// Room for `capacity` entries, of which those from `next` up to `end` count. Nobody else holds the pointers, and
    /// the struct is never copied, so the memory is freed once.
    private var entries: UnsafeMutablePointer<CalendarQueue.Entry>
    private var capacity = 64
    private var next = 0
    private var end = 0
    /// Room for 2 to the power of `mostBits`: where the entries of each short stretch of time go.
    private let ends: UnsafeMutablePointer<Int32>

    init() {
        entries = .allocate(capacity: capacity)
        ends = .allocate(capacity: 1 << Self.mostBits)
    }

    deinit {
        entries.deallocate()
        ends.deallocate()
    }

    /// Bytes.
    var memory: Int { capacity * MemoryLayout<CalendarQueue.Entry>.stride + (1 << Self.mostBits) * 4 }

    @inline(__always)
    var isEmpty: Bool { next == end }

    @inline(__always)
    var first: CalendarQueue.Entry? { next == end ? nil : entries[next] }

    /// The entry that comes so many after the first.
    @inline(__always)
    func upcoming(_ ahead: Int) -> CalendarQueue.Entry? { next + ahead < end ? entries[next + ahead] : nil }

    /// Drops the first; there must be one.
    @inline(__always)
    mutating func removeFirst() { next += 1 }

    /// Takes over the entries of a bucket of the finest level; all that was here must be used up.
    mutating func fill(from bucket: CalendarQueue.Bucket) {
        let count = bucket.count
        if count > capacity {
            entries.deallocate()
            while capacity < count { capacity *= 2 }
            entries = .allocate(capacity: capacity)
        }
        next = 0
        end = count
        if count <= Self.few {
            copy(bucket)
            insert(0, count)
        } else {
            spread(bucket)
        }
    }

    /// Entries in the order in which they lie.
    private func copy(_ bucket: CalendarQueue.Bucket) {
        var chunk = bucket.chunk
        var done = 0
        while let current = chunk {
            let here = EntryChunks.count(inFirstOf: bucket.count - done)
            (entries + done).update(from: current.entries, count: here)
            done += here
            chunk = current.next
        }
    }

    /// Puts each entry where it belongs by the upper bits of its time, about one to a stretch, and sorts what is left.
    private func spread(_ bucket: CalendarQueue.Bucket) {
        let bits = min(Int.bitWidth - bucket.count.leadingZeroBitCount, Self.mostBits)
        let stretches = 1 << bits
        let shift = CalendarQueue.finestBits - UInt64(bits)
        ends.update(repeating: 0, count: stretches)
        Self.forEach(bucket) { ends[Self.stretch($0, shift, stretches)] += 1 }
        var sum: Int32 = 0
        var most: Int32 = 0
        for stretch in 0..<stretches {
            let count = ends[stretch]
            most = max(most, count)
            ends[stretch] = sum
            sum += count
        }
        Self.forEach(bucket) { entry in
            let stretch = Self.stretch(entry, shift, stretches)
            entries[Int(ends[stretch])] = entry
            ends[stretch] += 1
        }
        // Each of `ends` has moved to where the next stretch begins.
        if most <= Self.few { return insert(0, bucket.count) }
        var start = 0
        for stretch in 0..<stretches {
            let end = Int(ends[stretch])
            if end - start <= Self.few { insert(start, end) } else { heapSort(entries + start, end - start) }
            start = end
        }
    }

    @inline(__always)
    private static func stretch(_ entry: CalendarQueue.Entry, _ shift: UInt64, _ stretches: Int) -> Int {
        Int(truncatingIfNeeded: entry.time &>> shift) & (stretches - 1)
    }

    @inline(__always)
    private static func forEach(_ bucket: CalendarQueue.Bucket, _ body: (CalendarQueue.Entry) -> Void) {
        var chunk = bucket.chunk
        var left = bucket.count
        while let current = chunk {
            let here = EntryChunks.count(inFirstOf: left)
            for place in 0..<here { body(current.entries[place]) }
            left -= here
            chunk = current.next
        }
    }

    /// Sorts from `start` up to `end`, where no entry is far from its place.
    @inline(__always)
    private func insert(_ start: Int, _ end: Int) {
        guard end - start > 1 else { return }
        for index in start + 1..<end {
            let entry = entries[index]
            guard entry < entries[index - 1] else { continue }
            var hole = index
            repeat {
                entries[hole] = entries[hole - 1]
                hole -= 1
            } while hole > start && entry < entries[hole - 1]
            entries[hole] = entry
        }
    }

    /// Sorts many entries of one time, in place.
    private func heapSort(_ base: UnsafeMutablePointer<CalendarQueue.Entry>, _ count: Int) {
        for root in stride(from: count / 2 - 1, through: 0, by: -1) { sink(base, root, count, base[root]) }
        for last in stride(from: count - 1, to: 0, by: -1) {
            let entry = base[last]
            base[last] = base[0]
            sink(base, 0, last, entry)
        }
    }

    /// Puts `entry` at `root` of a heap with the greatest at its top, or below.
    private func sink(
        _ base: UnsafeMutablePointer<CalendarQueue.Entry>, _ root: Int, _ count: Int, _ entry: CalendarQueue.Entry
    ) {
        var parent = root
        while true {
            var child = parent * 2 + 1
            guard child < count else { break }
            if child + 1 < count, base[child] < base[child + 1] { child += 1 }
            guard entry < base[child] else { break }
            base[parent] = base[child]
            parent = child
        }
        base[parent] = entry
    }
}
