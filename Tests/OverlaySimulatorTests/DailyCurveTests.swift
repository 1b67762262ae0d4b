import OverlaySimulator
import Primitives
import Testing

@Suite struct DailyCurveTests {
    /// Nothing at night, most in the evening; the mean is 1.
    private static let factors: [Double] = [
        0, 0, 0, 0, 0, 0.2, 0.6, 1, 1.2, 1.3, 1.3, 1.3, 1.2, 1.2, 1.3, 1.4, 1.6, 1.9, 2.2, 2.2, 1.7, 1.2, 0.8, 0.4,
    ]

    @Test func theFactorIsThatOfTheHourInItsMiddleAndGoesInStraightLinesBetween() {
        let curve = DailyCurve(factors: Self.factors)
        for hour in 0..<24 {
            #expect((curve.factor(at: .minutes(hour * 60 + 30)) - Self.factors[hour]).magnitude < 1e-9)
            let border = curve.factor(at: .hours(hour + 1))
            #expect((border - (Self.factors[hour] + Self.factors[(hour + 1) % 24]) / 2).magnitude < 1e-9)
        }
        #expect(curve.factor(at: .hours(18)) == curve.factor(at: .hours(24 * 3 + 18)))
        #expect(curve.factor(at: .hours(18)) == curve.factor(at: .hours(18 - 24 * 3)))
        #expect(DailyCurve().factor(at: .hours(5)) == 1)
        let mean = (0..<1_440).reduce(0.0) { $0 + curve.factor(at: .minutes($1)) } / 1_440
        #expect((mean - 1).magnitude < 1e-6)
    }

    @Test func eventsComeAsOftenAsTheCurveSays() {
        let curve = DailyCurve(factors: Self.factors)
        var random = RandomSource(seed: 1)
        var counts = [Int](repeating: 0, count: 24)
        var time = Interval.zero
        let days = 300
        while let gap = curve.gap(perHour: 20, after: time, using: &random), time + gap < .hours(24 * days) {
            time = time + gap
            counts[Int(time.nanoseconds / Interval.hours(1).nanoseconds) % 24] += 1
        }
        for hour in 0..<24 {
            let expected = (0..<60).reduce(0.0) { $0 + curve.factor(at: .minutes(hour * 60 + $1)) / 60 } * 20
            let error = 4 * (expected / Double(days)).squareRoot() + 0.01
            #expect((Double(counts[hour]) / Double(days) - expected).magnitude < error, "hour \(hour)")
        }
    }

    @Test func withoutACurveEventsAreMemoryless() {
        var random = RandomSource(seed: 2)
        var gaps = Distribution()
        for _ in 0..<50_000 {
            gaps.add(DailyCurve().gap(perHour: 6, after: .zero, using: &random)?.inSeconds ?? -1)
        }
        #expect((gaps.mean / 600 - 1).magnitude < 0.02)
        #expect((gaps.percentile(0.5) / (600 * Elementary.logarithm(2)) - 1).magnitude < 0.02)
    }

    @Test func withoutARateNothingComes() {
        var random = RandomSource(seed: 3)
        #expect(DailyCurve().gap(perHour: 0, after: .zero, using: &random) == nil)
        let never = DailyCurve(factors: [Double](repeating: 0, count: 24))
        #expect(never.gap(perHour: 1, after: .zero, using: &random) == nil)
    }
}
