import Foundation
import OverlaySimulator
import Primitives
import Testing

@Suite struct SessionLengthsTests {
    private static let draws = 30_000
    private static let median = Interval.minutes(30)

    private func seconds(_ law: ChurnPlan.Law, _ draw: (SessionLengths, inout RandomSource) -> Interval) throws
        -> SortedDistribution
    {
        let lengths = try #require(SessionLengths(law: law, median: Self.median))
        var random = RandomSource(seed: 1)
        var distribution = Distribution()
        for _ in 0..<Self.draws { distribution.add(draw(lengths, &random).inSeconds) }
        return distribution.sorted()
    }

    /// That `share` of the values lie below `bound`, within four standard errors.
    private func expect(_ values: SortedDistribution, _ share: Double, below bound: Double) {
        let error = 4 * (share * (1 - share) / Double(Self.draws)).squareRoot()
        #expect((values.share(upTo: bound) - share).magnitude < error, "\(share) below \(bound)")
    }

    @Test func exponentialSessionsAndWhatRemainsOfThem() throws {
        let mean = 1_800 / log(2.0)
        for values in [
            try seconds(.exponential) { $0.length(using: &$1) }, try seconds(.exponential) { $0.remaining(using: &$1) },
        ] {
            for share in [0.01, 0.1, 0.5, 0.9, 0.99] { expect(values, share, below: -mean * log(1 - share)) }
        }
    }

    @Test(arguments: [0.4, 0.7, 1, 2])
    func weibullSessions(_ shape: Double) throws {
        let scale = 1_800 / pow(log(2.0), 1 / shape)
        let values = try seconds(.weibull(shape: shape)) { $0.length(using: &$1) }
        for share in [0.1, 0.5, 0.9, 0.99] { expect(values, share, below: scale * pow(-log(1 - share), 1 / shape)) }
    }

    @Test(arguments: [1.1, 2, 3])
    func paretoSessions(_ exponent: Double) throws {
        let least = 1_800 / pow(2, 1 / exponent)
        let values = try seconds(.pareto(exponent: exponent)) { $0.length(using: &$1) }
        for share in [0.1, 0.5, 0.9, 0.99] { expect(values, share, below: least * pow(1 - share, -1 / exponent)) }
        #expect(values.least >= least * 0.999)
    }

    /// The share that remains less than t is the integral of the share of sessions longer, over their mean: computed
    /// here in small steps.
    @Test(arguments: [
        ChurnPlan.Law.weibull(shape: 0.4), .weibull(shape: 2), .pareto(exponent: 1.5), .pareto(exponent: 3),
    ])
    func whatRemainsFollowsFromTheSharesThatAreLonger(_ law: ChurnPlan.Law) throws {
        let longer: (Double) -> Double
        let mean: Double
        switch law {
        case .weibull(let shape):
            let scale = 1_800 / pow(log(2.0), 1 / shape)
            longer = { exp(-pow($0 / scale, shape)) }
            mean = scale * tgamma(1 + 1 / shape)
        case .pareto(let exponent):
            let least = 1_800 / pow(2, 1 / exponent)
            longer = { $0 < least ? 1 : pow(least / $0, exponent) }
            mean = least * exponent / (exponent - 1)
        case .exponential, .trace: return
        }
        let values = try seconds(law) { $0.remaining(using: &$1) }
        for bound in [200.0, 1_000, 2_000, 10_000, 50_000] {
            let step = bound / 100_000
            var share = 0.0
            for index in 0..<100_000 { share += longer((Double(index) + 0.5) * step) * step / mean }
            expect(values, min(share, 1), below: bound)
        }
    }

    @Test func nothingOverflowsAndNothingIsShorterThanAMillisecond() throws {
        var random = RandomSource(seed: 2)
        for law in [ChurnPlan.Law.pareto(exponent: 1.01), .weibull(shape: 0.1)] {
            let lengths = try #require(SessionLengths(law: law, median: .hours(24)))
            for _ in 0..<10_000 {
                #expect(lengths.length(using: &random) >= .milliseconds(1))
                #expect(lengths.remaining(using: &random) >= .milliseconds(1))
            }
        }
        #expect(SessionLengths(law: .trace(file: "", sessions: []), median: .seconds(1)) == nil)
    }

    @Test func oneSeedGivesOneLength() throws {
        let lengths = try #require(SessionLengths(law: .weibull(shape: 0.4), median: Self.median))
        var random = RandomSource(seed: 7)
        #expect(
            (0..<3).map { _ in lengths.length(using: &random).nanoseconds } == [
                842_642_677_680, 12_167_673_609_375, 1_898_893_273_255,
            ])
    }
}
