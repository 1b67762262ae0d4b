import Foundation
import OverlaySimulator
import Primitives
import Testing

/// Beside the functions of the C library, which are good to the last bit or two.
@Suite struct ElementaryTests {
    private func error(_ value: Double, _ reference: Double) -> Double {
        value == reference ? 0 : ((value - reference) / reference).magnitude
    }

    @Test func logarithmsAreExactToAFewBits() {
        var random = RandomSource(seed: 1)
        for _ in 0..<5_000 {
            let anywhere = Double(bitPattern: random.next() & 0x7FFF_FFFF_FFFF_FFFF)
            if anywhere > 0, anywhere.isFinite { #expect(error(Elementary.logarithm(anywhere), log(anywhere)) < 1e-15) }
            let nearOne = 1 + (random.unit() - 0.5) * 0x1p-10
            #expect(error(Elementary.logarithm(nearOne), log(nearOne)) < 1e-15)
        }
        #expect(Elementary.logarithm(1) == 0)
    }

    @Test func exponentialsAreExactToAFewBits() {
        var random = RandomSource(seed: 2)
        for _ in 0..<5_000 {
            let x = random.unit() * 1_400 - 700
            #expect(error(Elementary.exponential(x), exp(x)) < 1e-15)
        }
        #expect(Elementary.exponential(0) == 1)
        #expect(Elementary.exponential(-1_000) == 0 && Elementary.exponential(1_000) == .infinity)
    }

    @Test func powersAreExactToTheirLogarithm() {
        var random = RandomSource(seed: 3)
        for _ in 0..<5_000 {
            let base = random.unit() * 100 + 0x1p-53
            let exponent = random.unit() * 20 - 10
            let reference = pow(base, exponent)
            #expect(error(Elementary.power(base, exponent), reference) < 1e-15 * max(1, log(reference).magnitude))
        }
    }

    /// The very bits: another machine that gives others would run other simulations.
    @Test func theBitsAreFixed() {
        #expect(Elementary.logarithm(10).bitPattern == 0x4002_6BB1_BBB5_5516)
        #expect(Elementary.exponential(1).bitPattern == 0x4005_BF0A_8B14_576A)
        #expect(Elementary.power(2, 0.5).bitPattern == 0x3FF6_A09E_667F_3BCC)
    }

    @Test(arguments: [1.0, 1.5, 3.5, 20])
    func gammaNumbersHaveTheirMeanAndVariance(_ shape: Double) {
        var random = RandomSource(seed: 4)
        let numbers = (0..<100_000).map { _ in random.gamma(shape: shape) }
        let mean = numbers.reduce(0, +) / 100_000
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
        #expect((mean / shape - 1).magnitude < 0.02)
        #expect((variance / shape - 1).magnitude < 0.05)
    }

    @Test func normalNumbersLieWhereTheyShould() {
        var random = RandomSource(seed: 5)
        let numbers = (0..<100_000).map { _ in random.normal() }
        // The shares below -2, 0, 1 and 2 of the normal distribution.
        for (bound, share) in [(-2.0, 0.02275), (0, 0.5), (1, 0.84134), (2, 0.97725)] {
            let found = Double(numbers.filter { $0 < bound }.count) / 100_000
            #expect((found - share).magnitude < 0.006)
        }
    }
}
