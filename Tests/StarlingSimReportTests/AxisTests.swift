import Primitives
import Testing

@testable import starling_sim

struct AxisTests {
    private func labels(_ axis: Axis) -> [String] { axis.ticks.map(\.label) }

    @Test func ticksAreRound() {
        #expect(labels(.linear("x", unit: .milliseconds, low: 0, high: 93)) == ["0", "50", "100"])
        #expect(labels(.linear("x", unit: .share, low: 0, high: 1, count: 6)).last == "100 %")
        #expect(
            labels(.linear("x", unit: .share, low: 0.9951, high: 1))
                == ["99.4 %", "99.6 %", "99.8 %", "100.0 %"])
        #expect(labels(.linear("x", unit: .plain("hops"), low: 0, high: 3)) == ["0", "1", "2", "3"])
    }

    @Test func largeNumbersAreScaled() {
        let nodes = Axis.linear("online", unit: .plain("nodes"), low: 0, high: 1_000_000)
        #expect(nodes.title == "millions of nodes")
        #expect(labels(nodes) == ["0.0", "0.5", "1.0"])
        #expect(Axis.linear("traffic", unit: .bytesPerSecond, low: 0, high: 6_300).title == "traffic, kB/s")
    }

    @Test func timeHasTheTicksOfClocks() {
        let day = Axis.time(low: -900, high: 86_400)
        #expect(labels(day) == ["0", "6", "12", "18", "24"])
        #expect(day.title == "hours since measuring began")
        #expect(labels(.time(low: 0, high: 600)) == ["0", "2", "4", "6", "8", "10"])
        #expect(labels(.time(low: 0, high: 3_600)) == ["0", "10", "20", "30", "40", "50", "60"])
    }

    @Test func equalRatiosAreEquallyLong() {
        let axis = Axis.logarithmic("x", unit: .milliseconds, low: 1, high: 100)
        #expect(labels(axis) == ["1", "2", "5", "10", "20", "50", "100"])
        #expect((axis.position(of: 10) - 0.5).magnitude < 1e-9)
        #expect((axis.value(at: 0.5) - 10).magnitude < 1e-9)
    }

    /// Whatever the values are, the axis encloses them, and its ticks ascend, lie on it and are neither few nor many.
    @Test func axesEncloseAnything() {
        var random = RandomSource(seed: 11)
        func number() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }
        let units: [FigureUnit] = [.share, .milliseconds, .bytes, .bytesPerSecond, .plain("nodes"), .plain("")]
        for round in 0..<3_000 {
            var size = 1.0
            for _ in 0..<Int(number() * 12) { size *= 10 }
            let low = (number() - 0.3) * size / 100
            let high = low + (round % 50 == 0 ? 0 : number() * size)
            let linear = Axis.linear("x", unit: units[round % units.count], low: low, high: high)
            check(linear, low, high, ticks: 2...12)
            check(.time(low: low * 100, high: high * 100 + 1), low * 100, high * 100, ticks: 1...15)
            if high > low, high > 0 {
                let start = max(low, high / 10_000)
                check(.logarithmic("x", unit: .milliseconds, low: start, high: high), start, high, ticks: 2...20)
            }
        }
    }

    private func check(_ axis: Axis, _ low: Double, _ high: Double, ticks: ClosedRange<Int>) {
        let slack = 1e-6 * max(axis.high.magnitude, axis.low.magnitude)
        #expect(axis.low <= low + slack && axis.high >= high - slack && axis.low < axis.high, "\(low) \(high) \(axis)")
        #expect(ticks.contains(axis.ticks.count), "\(low) \(high) \(axis)")
        #expect(axis.ticks.allSatisfy { $0.value >= axis.low - slack && $0.value <= axis.high + slack })
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value })
    }
}
