import OverlaySimulator
import Primitives
import Testing

/// The queue beside an array that is searched for its least entry.
@Suite struct CalendarQueueTests {
    private static let start: UInt64 = 1_893_456_000_000_000_000

    /// How far ahead of now an entry lies, in nanoseconds.
    enum Pattern: CaseIterable {
        case now, few, close, near, far, anywhere, mixed

        func distance(_ random: inout RandomSource) -> UInt64 {
            switch self {
            case .now: 0
            case .few: random.next() % 3 * 500_000
            case .close: random.next() % 4_000_000
            case .near: 500_000 + random.next() % 300_000_000
            case .far: 1_000_000_000 + random.next() % 43_200_000_000_000
            case .anywhere: random.next() >> (random.next() % 56 + 3)
            case .mixed: Pattern.allCases[Int(random.next() % 6)].distance(&random)
            }
        }
    }

    private func entry(at time: UInt64, _ random: inout RandomSource) -> CalendarQueue.Entry {
        // Small numbers, so that times, destinations and sources are often equal.
        CalendarQueue.Entry(
            time: time, destination: UInt32(random.next() % 3), source: UInt32(random.next() % 3),
            sequence: UInt32(truncatingIfNeeded: random.next()), slot: UInt32(truncatingIfNeeded: random.next()))
    }

    private func insert(_ entry: CalendarQueue.Entry, into expected: inout [CalendarQueue.Entry]) {
        // The last is the least.
        let place = expected.firstIndex { $0 < entry } ?? expected.endIndex
        expected.insert(entry, at: place)
    }

    @Test(arguments: Pattern.allCases, 0..<5)
    func entriesComeInOrder(_ pattern: Pattern, _ seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        var queue = CalendarQueue(start: Self.start)
        var expected: [CalendarQueue.Entry] = []
        var now = Self.start
        for step in 0..<3_000 {
            // The queue grows and shrinks in turn.
            let grows = step % 1_000 < 500
            if random.next() % 8 < (grows ? 5 : 2) {
                let new = entry(at: now + pattern.distance(&random), &random)
                queue.push(new)
                insert(new, into: &expected)
            } else {
                #expect(queue.nextTime == expected.last?.time)
                let popped = queue.pop()
                #expect(popped == expected.popLast())
                now = popped?.time ?? now
            }
            #expect(queue.count == expected.count)
        }
        while let last = expected.popLast() { #expect(queue.pop() == last) }
        #expect(queue.pop() == nil && queue.nextTime == nil && queue.isEmpty)
    }

    /// As shards run: up to a limit, and then entries come from others for any time after it.
    @Test(arguments: 0..<16)
    func entriesComeInOrderWindowByWindow(_ seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        var queue = CalendarQueue(start: Self.start)
        var expected: [CalendarQueue.Entry] = []
        var limit = Self.start
        for _ in 0..<400 {
            for _ in 0..<random.next() % 12 {
                let new = entry(at: limit + Pattern.mixed.distance(&random), &random)
                queue.push(new)
                insert(new, into: &expected)
            }
            limit = max(limit, queue.nextTime ?? 0) + random.next() % 3_000_000
            while let popped = queue.pop(before: limit) {
                #expect(popped == expected.popLast() && popped.time < limit)
            }
            #expect(expected.last.map { $0.time >= limit } ?? true)
            #expect(queue.nextTime == expected.last?.time)
        }
    }

    @Test func manyEntriesOfOneTimeComeByWhomTheyConcern() {
        var random = RandomSource(seed: 1)
        var queue = CalendarQueue(start: 0)
        // Once for a bucket ahead, whose entries are sorted, and once for now.
        for time in [5_000_000_000, 5_000_000_000] as [UInt64] {
            var entries: [CalendarQueue.Entry] = []
            for destination in 0..<200 as Range<UInt32> {
                for source in 0..<10 as Range<UInt32> {
                    for sequence in 0..<10 as Range<UInt32> {
                        entries.append(
                            .init(time: time, destination: destination, source: source, sequence: sequence, slot: 0))
                    }
                }
            }
            for entry in entries.shuffled(using: &random) { queue.push(entry) }
            for entry in entries { #expect(queue.pop() == entry) }
        }
    }

    @Test func aDenseStretchIsSorted() {
        var random = RandomSource(seed: 2)
        var queue = CalendarQueue(start: 0)
        // Half of all within 10 ns, among others of the same bucket.
        let entries = (0..<5_000).map { index in
            entry(at: 3_000_000 + (index % 2 == 0 ? random.next() % 10 : random.next() % 900_000), &random)
        }
        for entry in entries { queue.push(entry) }
        for entry in entries.sorted() { #expect(queue.pop() == entry) }
    }

    @Test func allTimesThatThereAreHaveTheirPlace() {
        let times: [UInt64] = [0, 1, (1 << 20) - 1, 1 << 20, 1 << 30, 1 << 40, 1 << 50, 1 << 60, .max - 1, .max]
        for start in times {
            var queue = CalendarQueue(start: start)
            for time in times.reversed() {
                queue.push(.init(time: time, destination: 0, source: 0, sequence: 0, slot: 0))
            }
            for time in times { #expect(queue.pop()?.time == time) }
            queue.push(.init(time: .max, destination: 0, source: 0, sequence: 0, slot: 0))
            #expect(queue.pop(before: .max) == nil)
            #expect(queue.pop()?.time == .max)
        }
    }

    @Test func memoryIsUsedAgain() {
        var random = RandomSource(seed: 3)
        var queue = CalendarQueue(start: Self.start)
        for _ in 0..<20_000 { queue.push(entry(at: Self.start + Pattern.near.distance(&random), &random)) }
        func turnOver(_ queue: inout CalendarQueue, _ random: inout RandomSource) {
            for _ in 0..<100_000 {
                guard let popped = queue.pop() else { return }
                queue.push(entry(at: popped.time + Pattern.near.distance(&random), &random))
            }
        }
        turnOver(&queue, &random)
        let bytes = queue.memory
        for _ in 0..<5 { turnOver(&queue, &random) }
        #expect(queue.memory <= bytes * 11 / 10)
        #expect(queue.count == 20_000)
        // 24 bytes each, and what the buckets of 300 ms leave empty.
        #expect(bytes < 20_000 * 24 + 1_000_000)
    }
}
