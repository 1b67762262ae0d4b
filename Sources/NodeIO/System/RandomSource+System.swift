import Primitives

extension RandomSource {
    /// A generator keyed from the operating system's: what it makes can't be guessed.
    package static func keyedBySystem() -> RandomSource {
        var system = SystemRandomNumberGenerator()
        return RandomSource(key: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &system) })
    }
}
