import OverlaySimulator
import Primitives
import Testing

@Suite struct UnderlayJourneyTests {
    private static let now = Instant(secondsSince1970: 1_893_456_000)

    private func underlay(_ change: (inout UnderlayPlan) -> Void) -> Underlay {
        UnderlayTests.underlay(.uniform(least: .milliseconds(10), most: .milliseconds(10)), change)
    }

    /// How long each of many datagrams takes, in milliseconds, and how many are lost.
    private func journeys(_ underlay: Underlay) -> (times: SortedDistribution, lost: Int) {
        var random = RandomSource(seed: 3)
        var free: UInt64 = 0
        var times = Distribution()
        for _ in 0..<100_000 {
            let arrival = underlay.journey(
                from: 1, to: 2, bytes: 100, at: Self.now, uplinkFree: &free, random: &random)
            if let arrival { times.add((arrival - Self.now).inMilliseconds) }
        }
        return (times.sorted(), 100_000 - times.count)
    }

    @Test func withoutFeaturesNothingIsDrawnAndNothingChanges() {
        let underlay = underlay { _ in }
        var random = RandomSource(seed: 4)
        var untouched = RandomSource(seed: 4)
        var free: UInt64 = 77
        let arrival = underlay.journey(
            from: 1, to: 2, bytes: 1_000, at: Self.now, uplinkFree: &free, random: &random)
        #expect(arrival == Self.now + .milliseconds(10) && free == 77)
        #expect(random.next() == untouched.next())
    }

    @Test func datagramsQueueBehindEachOther() {
        let underlay = underlay { $0.uplinkBytesPerSecond = 1_000 }
        var random = RandomSource(seed: 5)
        var free: UInt64 = 0
        func send(_ bytes: Int, _ now: Instant) -> Interval? {
            underlay.journey(from: 1, to: 2, bytes: bytes, at: now, uplinkFree: &free, random: &random)
                .map { $0 - now }
        }
        #expect(send(100, Self.now) == .milliseconds(110))
        #expect(send(50, Self.now) == .milliseconds(160))
        #expect(send(100, Self.now + .milliseconds(100)) == .milliseconds(160))
        // The line has been idle for long.
        #expect(send(100, Self.now + .seconds(9)) == .milliseconds(110))
    }

    @Test func lossHasItsShare() {
        let (times, lost) = journeys(underlay { $0.loss = 0.05 })
        #expect((4_600...5_400).contains(lost))
        #expect(times.least == 10 && times.most == 10)
        #expect(journeys(underlay { $0.loss = 1 }).lost == 100_000)
    }

    @Test func jitterIsExponential() {
        let (times, lost) = journeys(underlay { $0.jitter = .milliseconds(4) })
        #expect(lost == 0 && times.least >= 10)
        #expect((times.mean - 14).magnitude < 0.1)
        #expect((times.percentile(0.5) - 10 - 4 * 0.6931).magnitude < 0.1)
    }

    @Test func someAreOvertaken() {
        let (times, _) = journeys(underlay { $0.reordering = 0.1 })
        #expect((times.share(upTo: 10) - 0.9).magnitude < 0.005)
        #expect(times.most == 20)
    }

    @Test func bothEndsAddTheirLines() {
        let underlay = UnderlayTests.underlay(.uniform(least: .milliseconds(10), most: .milliseconds(10)), nodes: 2_000)
        {
            $0.accessDelay = .milliseconds(8)
        }
        let delays = UnderlayTests.delays(underlay, nodes: 2_000)
        #expect(delays.least >= 18 && delays.least < 18.5 && delays.most > 33.5 && delays.most <= 34)
        #expect((delays.mean - 26).magnitude < 0.3)
        #expect(underlay.delay(from: 5, to: 6) == underlay.delay(from: 6, to: 5))
    }
}
