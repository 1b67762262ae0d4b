/// Logarithm, exponential and power out of additions, multiplications and divisions alone.
///
/// IEEE 754 fixes what those give, to the last bit, and leaves the functions of a C library to its makers: with these a
/// run is the same on every machine.
package enum Elementary {
    private static let ln2 = 0x1.62E42FEFA39EFp-1
    // ln 2 once more, as a sum: the first part has its last 21 bits clear, so that its product with a small integer is
    // exact.
    private static let ln2High = 0x1.62E42FEEp-1
    private static let ln2Low = 0x1.A39EF35793C76p-33

    /// The natural logarithm of a positive, finite number; the relative error is below 1e-15.
    package static func logarithm(_ x: Double) -> Double {
        precondition(x > 0 && x < .infinity, "there is no logarithm of \(x)")
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 0x1.6A09E667F3BCDp0 {
            significand *= 0.5
            exponent += 1
        }
        // With s = (m - 1) / (m + 1), ln m = 2 (s + s³/3 + s⁵/5 + …); here |s| < 0.172.
        let s = (significand - 1) / (significand + 1)
        let square = s * s
        // The compiler does the divisions.
        var sum = 1.0 / 23
        sum = sum * square + 1.0 / 21
        sum = sum * square + 1.0 / 19
        sum = sum * square + 1.0 / 17
        sum = sum * square + 1.0 / 15
        sum = sum * square + 1.0 / 13
        sum = sum * square + 1.0 / 11
        sum = sum * square + 1.0 / 9
        sum = sum * square + 1.0 / 7
        sum = sum * square + 1.0 / 5
        sum = sum * square + 1.0 / 3
        sum *= square
        return exponent * ln2High + (exponent * ln2Low + 2 * (s * sum) + 2 * s)
    }

    /// e to the power of `x`; the relative error is below 1e-15. 0 below -708, infinite above 709.
    package static func exponential(_ x: Double) -> Double {
        if x > 709 { return .infinity }
        if x < -708 { return 0 }
        // Rounds: in a number of this size the last bit stands for 1.
        let rounding = 0x1.8p52
        let powers = (x * (1 / ln2) + rounding) - rounding
        let rest = (x - powers * ln2High) - powers * ln2Low
        // The series of e to the power of `rest`, which is below 0.347: the fourteenth term is below 1e-17.
        var sum = 1.0 / 87_178_291_200
        sum = sum * rest + 1.0 / 6_227_020_800
        sum = sum * rest + 1.0 / 479_001_600
        sum = sum * rest + 1.0 / 39_916_800
        sum = sum * rest + 1.0 / 3_628_800
        sum = sum * rest + 1.0 / 362_880
        sum = sum * rest + 1.0 / 40_320
        sum = sum * rest + 1.0 / 5_040
        sum = sum * rest + 1.0 / 720
        sum = sum * rest + 1.0 / 120
        sum = sum * rest + 1.0 / 24
        sum = sum * rest + 1.0 / 6
        sum = sum * rest + 0.5
        sum = sum * rest + 1
        sum = sum * rest + 1
        // Two to that power, from the parts of an IEEE number.
        return sum * Double(bitPattern: UInt64(Int(powers) + 1_023) << 52)
    }

    /// A positive number to any power; the relative error is below 1e-15 times the logarithm of the result, or that
    /// much itself where that is less than 1.
    package static func power(_ base: Double, _ exponent: Double) -> Double {
        exponential(exponent * logarithm(base))
    }
}
