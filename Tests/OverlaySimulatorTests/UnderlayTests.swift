import OverlaySimulator
import Primitives
import Testing

@Suite struct UnderlayTests {
    private static let matrix: [[Float]] = [[0, 10, 40], [10, 0, 0.2], [30, 0.2, 0]]
    private static let regions = [
        UnderlayPlan.Region(name: "here", share: 0.75, delays: [5, 80]),
        UnderlayPlan.Region(name: "there", share: 0.25, delays: [90, 3]),
    ]

    static func underlay(
        _ shape: UnderlayPlan.Shape, nodes: Int = 300, seed: UInt64 = 1,
        _ change: (inout UnderlayPlan) -> Void = { _ in }
    ) -> Underlay {
        var plan = UnderlayPlan()
        plan.shape = shape
        change(&plan)
        return Underlay(plan: plan, nodes: nodes, random: RandomSource(seed: seed))
    }

    /// The delays of many pairs in milliseconds.
    static func delays(_ underlay: Underlay, nodes: Int, seed: UInt64 = 9) -> SortedDistribution {
        var random = RandomSource(seed: seed)
        var delays = Distribution()
        while delays.count < 100_000 {
            let source = Int(random.next() % UInt64(nodes))
            let destination = Int(random.next() % UInt64(nodes))
            guard source != destination else { continue }
            delays.add(underlay.delay(from: source, to: destination).inMilliseconds)
        }
        return delays.sorted()
    }

    @Test(arguments: 0..<5)
    func nothingIsFasterThanTheLeastDelay(_ form: Int) {
        let shapes: [UnderlayPlan.Shape] = [
            .plane, .coordinates(file: "", places: [SIMD2(0, 0), SIMD2(30, 40)]),
            .matrix(file: "", roundTrips: Self.matrix),
            .uniform(least: .milliseconds(20), most: .milliseconds(50)), .regions(Self.regions),
        ]
        for access in [Interval.zero, .milliseconds(3)] {
            let underlay = Self.underlay(shapes[form]) {
                $0.accessDelay = access
                $0.jitter = .milliseconds(1)
            }
            var random = RandomSource(seed: 2)
            var free: UInt64 = 0
            let now = Instant(secondsSince1970: 1_000)
            #expect(underlay.leastDelay >= .microseconds(500) + access)
            if form == 0 { #expect(underlay.leastDelay == .milliseconds(1) + access) }
            for source in 0..<80 {
                for destination in 0..<80 where source != destination {
                    let delay = underlay.delay(from: source, to: destination)
                    #expect(delay >= underlay.leastDelay && delay < .seconds(2))
                    let arrival = underlay.journey(
                        from: source, to: destination, bytes: 100, at: now, uplinkFree: &free, random: &random)
                    #expect(arrival.map { $0 >= now + delay } ?? false)
                    if form < 2 || form == 3 { #expect(delay == underlay.delay(from: destination, to: source)) }
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func thePlaneResemblesTheInternet(_ seed: UInt64) {
        let delays = Self.delays(Self.underlay(.plane, nodes: 15_000, seed: seed), nodes: 15_000)
        // The percentiles of the delays between OverSim's coordinates.
        for (share, delay, tolerance) in [
            (0.1, 15.8, 0.1), (0.25, 34.7, 0.1), (0.5, 69.9, 0.03), (0.75, 106.9, 0.06), (0.9, 156.7, 0.03),
            (0.99, 248.6, 0.05), (0.999, 395, 0.1),
        ] {
            let found = delays.percentile(share)
            #expect((found / delay - 1).magnitude < tolerance, "\(share): \(found) ms")
        }
    }

    @Test func nodesTakeEachCoordinateOnceAndThenPlacesBesideThem() {
        let places = [SIMD2(0.0, 0), SIMD2(100, 0), SIMD2(0, 300)]
        let underlay = Self.underlay(.coordinates(file: "", places: places), nodes: 7)
        let first = Set(
            (0..<3).flatMap { a in (0..<a).map { underlay.delay(from: a, to: $0).nanoseconds / 1_000_000 } })
        #expect(first == [100, 300, 316])
        for node in 3..<7 {
            let beside = underlay.delay(from: node, to: node - 3)
            #expect(beside >= .microseconds(500) && beside < .milliseconds(3))
            #expect(underlay.delay(from: node, to: (node + 1) % 3) > .milliseconds(97))
        }
    }

    @Test func aMatrixIsHalvedAndNodesOfOneRowAreClose() {
        let underlay = Self.underlay(.matrix(file: "", roundTrips: Self.matrix), nodes: 6)
        var delays: [Int64] = []
        for source in 0..<3 {
            #expect(underlay.delay(from: source, to: source + 3) == .milliseconds(1))
            for destination in 0..<3 where source != destination {
                let delay = underlay.delay(from: source, to: destination)
                #expect(underlay.delay(from: source + 3, to: destination) == delay)
                delays.append(delay.nanoseconds / 1_000)
            }
        }
        #expect(delays.sorted() == [500, 500, 5_000, 5_000, 15_000, 20_000])
        // What was not measured is as long as the mean of all others.
        let gap: [[Float]] = [[0, 20, -1], [20, 0, 40], [.nan, 40, 0]]
        let filled = Self.underlay(.matrix(file: "", roundTrips: gap), nodes: 3)
        let all = Set((0..<3).flatMap { a in (0..<a).map { filled.delay(from: a, to: $0) } })
        #expect(all == [.milliseconds(10), .milliseconds(20), .milliseconds(15)])
    }

    @Test func regionsHaveTheirSharesAndDelays() {
        let underlay = Self.underlay(.regions(Self.regions), nodes: 10_000)
        let delays = Self.delays(underlay, nodes: 10_000)
        // Both here; both there; one way and the other.
        #expect((delays.share(upTo: 5) - 0.625).magnitude < 0.02)
        #expect((delays.share(upTo: 3) - 0.0625).magnitude < 0.01)
        #expect((delays.share(upTo: 80) - delays.share(upTo: 5) - 0.1875).magnitude < 0.02)
        #expect(delays.most == 90)
    }

    @Test func uniformDelaysFillTheirRange() {
        let underlay = Self.underlay(.uniform(least: .milliseconds(20), most: .milliseconds(60)), nodes: 1_000)
        let delays = Self.delays(underlay, nodes: 1_000)
        #expect(delays.least >= 20 && delays.least < 20.1 && delays.most > 59.9 && delays.most <= 60)
        for share in [0.25, 0.5, 0.75] { #expect((delays.percentile(share) - 20 - 40 * share).magnitude < 0.5) }
        let fixed = Self.underlay(.uniform(least: .zero, most: .zero))
        #expect(fixed.delay(from: 1, to: 2) == .microseconds(500))
    }

    @Test func theSeedDecides() {
        let first = Self.underlay(.plane)
        #expect(first.delay(from: 1, to: 2) == Self.underlay(.plane).delay(from: 1, to: 2))
        #expect(first.delay(from: 1, to: 2) != Self.underlay(.plane, seed: 2).delay(from: 1, to: 2))
    }
}
