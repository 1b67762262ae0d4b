import Benchmark
import OverlaySimulator
import Primitives

/// The parts of the simulator that every simulated event passes through. Each iteration does a thing 1,000 times: what
/// is shown in microseconds is nanoseconds for one.
@MainActor let simulatorBenchmarks = BenchmarkSuite(name: "simulator, 1,000 times") { suite in
    for pending in [1_000, 100_000, 1_000_000] {
        benchmarkCalendar(suite, pending: pending)
    }
    benchmarkUnderlays(suite)
    benchmarkLaws(suite)
}

/// How far ahead events lie. Most are datagrams, 1 to 150 ms ahead; one in 32 is a node's next deadline, up to 12 hours
/// ahead. A table, as drawing a number takes longer than pushing an entry.
private struct Distances {
    private let table: [UInt64]
    private var index = 0

    init() {
        var random = RandomSource(seed: 1)
        table = (0..<4_096).map { _ in
            let draw = random.next()
            if draw & 31 != 0 { return 1_000_000 + (draw >> 8) % 149_000_000 }
            return (draw >> 8) % (draw & 32 == 0 ? 60_000_000_000 : 43_200_000_000_000)
        }
    }

    mutating func next() -> UInt64 {
        index += 1
        return table[index & 4_095]
    }
}

private let start: UInt64 = 1_893_456_000_000_000_000

/// Holds the queue, as closures can't hold what is never copied.
private final class CalendarRun {
    private var queue = CalendarQueue(start: start)
    private var distances = Distances()

    init(pending: Int) {
        for index in 0..<pending {
            queue.push(
                .init(
                    time: start + distances.next(), destination: UInt32(index), source: 0, sequence: UInt32(index),
                    slot: 0))
        }
        turn(pending)
    }

    func turn(_ count: Int) {
        for _ in 0..<count {
            guard var entry = queue.pop() else { return }
            entry.time += distances.next()
            queue.push(entry)
        }
    }
}

@MainActor private func benchmarkCalendar(_ suite: BenchmarkSuite, pending: Int) {
    let run = CalendarRun(pending: pending)
    suite.benchmark("calendar queue: pop and push, \(pending) pending") { run.turn(1_000) }
}

@MainActor private func benchmarkUnderlays(_ suite: BenchmarkSuite) {
    var all = UnderlayPlan()
    all.accessDelay = .milliseconds(5)
    all.uplinkBytesPerSecond = 125_000
    all.loss = 0.01
    all.jitter = .milliseconds(1)
    all.reordering = 0.01
    let regions = (0..<5).map { UnderlayPlan.Region(name: "\($0)", share: 0.2, delays: [5, 20, 40, 60, 80]) }
    var table = UnderlayPlan()
    table.shape = .regions(regions)
    var uniform = UnderlayPlan()
    uniform.shape = .uniform(least: .milliseconds(10), most: .milliseconds(90))
    let plans = [("plane", UnderlayPlan()), ("regions", table), ("uniform", uniform), ("plane with all features", all)]
    for (name, plan) in plans {
        let underlay = Underlay(plan: plan, nodes: 1_000_000, random: RandomSource(seed: 1))
        var random = RandomSource(seed: 2)
        let pairs = (0..<1_000).map { _ in (Int(random.next() % 1_000_000), Int(random.next() % 1_000_000)) }
        var sum: Int64 = 0
        suite.benchmark("delay between two of 1,000,000 nodes: \(name)") {
            for (source, destination) in pairs { sum &+= underlay.delay(from: source, to: destination).nanoseconds }
            precondition(sum != 0)
        }
        var free: UInt64 = 0
        suite.benchmark("journey between two of 1,000,000 nodes: \(name)") {
            for (source, destination) in pairs {
                let arrival = underlay.journey(
                    from: source, to: destination, bytes: 100, at: Instant(nanoseconds: start), uplinkFree: &free,
                    random: &random)
                sum &+= Int64(truncatingIfNeeded: arrival?.nanoseconds ?? 1)
            }
        }
    }
}

@MainActor private func benchmarkLaws(_ suite: BenchmarkSuite) {
    let laws: [(String, ChurnPlan.Law)] = [
        ("exponential", .exponential), ("Weibull", .weibull(shape: 0.4)), ("Pareto", .pareto(exponent: 2)),
    ]
    for (name, law) in laws {
        guard let lengths = SessionLengths(law: law, median: .minutes(30)) else { continue }
        var random = RandomSource(seed: 3)
        var sum = Interval.zero
        suite.benchmark("session length: \(name)") {
            for _ in 0..<1_000 { sum = max(sum, lengths.length(using: &random)) }
            precondition(sum > .zero)
        }
        suite.benchmark("remaining session: \(name)") {
            for _ in 0..<1_000 { sum = max(sum, lengths.remaining(using: &random)) }
        }
    }
    let lists = BuddyLists(.fixed(20), users: 1_000_000, seed: 1)
    var user = 0
    suite.benchmark("20 buddies of 1,000,000 users") {
        for _ in 0..<1_000 {
            user = (user + 1) % 1_000_000
            precondition(lists.buddies(of: user).count == 20)
        }
    }
}
