import Primitives

extension RandomSource {
    /// Exponentially distributed with mean 1.
    package mutating func exponential() -> Double { -Elementary.logarithm(1 - unit()) }

    /// Normally distributed with mean 0 and variance 1, by Marsaglia's polar method.
    package mutating func normal() -> Double {
        while true {
            let x = 2 * unit() - 1
            let square = x * x + Self.square(2 * unit() - 1)
            if square > 0, square < 1 { return x * (-2 * Elementary.logarithm(square) / square).squareRoot() }
        }
    }

    /// Gamma distributed with scale 1 and a shape of at least 1, by the method of Marsaglia and Tsang (2000).
    package mutating func gamma(shape: Double) -> Double {
        precondition(shape >= 1, "a gamma distribution of shape \(shape) is not made here")
        let middle = shape - 1 / 3.0
        let spread = 1 / (9 * middle).squareRoot()
        while true {
            let x = normal()
            let root = 1 + spread * x
            guard root > 0 else { continue }
            let cube = root * root * root
            let bound = 0.5 * x * x + middle - middle * cube + middle * Elementary.logarithm(cube)
            if -exponential() < bound { return middle * cube }
        }
    }

    private static func square(_ x: Double) -> Double { x * x }
}
