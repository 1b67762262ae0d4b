import Primitives

/// Who watches whom, without a table of users: everything follows from the seed and the user.
///
/// The users stand in a circle in an order that looks random, and the buddies of each are those some steps further on;
/// the steps are the same for all. So a user's watchers are found by going back the same steps.
package struct BuddyLists: Sendable {
    private enum Counts {
        case fixed(Int)
        /// A density of x to the power of minus `exponent` between `least` and `most`.
        case powerLaw(exponent: Double, least: Double, most: Double)
    }

    /// A power law ends at so many times its mean.
    private static let cut = 50.0

    private let users: Int
    private let counts: Counts
    /// Who stands where.
    private let circle: KeyedPermutation
    /// Distinct, from 1 to `users - 1`: a user with n buddies goes the first n.
    private let steps: [Int]
    private let countHash: KeyedHash
    private let roundingHash: KeyedHash

    /// - Parameters:
    ///   - plan: how many buddies a user has; never more than there are others. The exponent of a power law is that of
    ///     the density, and above 1.
    ///   - users: at least 1.
    package init(_ plan: Workload.Buddies, users: Int, seed: UInt64) {
        var random = RandomSource(seed: seed)
        self.users = users
        circle = KeyedPermutation(count: users, random: &random)
        let order = KeyedPermutation(count: max(users - 1, 1), random: &random)
        countHash = KeyedHash(random: &random)
        roundingHash = KeyedHash(random: &random)
        var most = 0
        switch plan {
        case .none: counts = .fixed(0)
        case .fixed(let count):
            most = min(count, users - 1)
            counts = .fixed(most)
        case .powerLaw(let mean, let exponent):
            precondition(mean > 0 && exponent > 1, "a power law has a positive mean and an exponent above 1")
            most = min(Int((mean * Self.cut).rounded(.up)), users - 1)
            counts = .powerLaw(
                exponent: exponent, least: Self.least(mean: mean, exponent: exponent), most: mean * Self.cut)
        }
        steps = (0..<most).map { order($0) + 1 }
    }

    /// How many buddies a user has.
    package func count(of user: Int) -> Int {
        switch counts {
        case .fixed(let count): return count
        case .powerLaw(let exponent, let least, let most):
            // The inverse of the law's distribution function; rounded up or down by chance, which keeps the mean.
            let power = 1 - exponent
            let low = Elementary.power(least, power)
            let high = Elementary.power(most, power)
            let draw = low + (high - low) * countHash.unit(UInt64(user))
            let exact = Elementary.power(draw, 1 / power)
            return min(Int(exact + roundingHash.unit(UInt64(user))), steps.count)
        }
    }

    /// Whom a user watches: others, each once, in no particular order.
    package func buddies(of user: Int) -> [Int] {
        let place = circle.place(of: user)
        return steps.prefix(count(of: user)).map { circle((place + $0) % users) }
    }

    /// Who watches a user. With a power law it asks for the list of each who might: 50 times the mean.
    package func watchers(of user: Int) -> [Int] {
        let place = circle.place(of: user)
        return steps.indices.compactMap { index in
            let other = circle((place + users - steps[index]) % users)
            return count(of: other) > index ? other : nil
        }
    }

    /// How many watch a user.
    package func watcherCount(of user: Int) -> Int {
        if case .fixed(let count) = counts { return count }
        return watchers(of: user).count
    }

    /// From where a power law that ends at ``cut`` times its mean must begin to have that mean.
    private static func least(mean: Double, exponent: Double) -> Double {
        var low = mean * 1e-9
        var high = mean
        // The mean grows with the beginning, so halving finds it.
        for _ in 0..<80 {
            let middle = (low + high) / 2
            let weight = integral(power: -exponent, from: middle, to: mean * cut)
            let moment = integral(power: 1 - exponent, from: middle, to: mean * cut)
            if moment / weight < mean { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Of x to some power.
    private static func integral(power: Double, from low: Double, to high: Double) -> Double {
        let next = power + 1
        if next.magnitude < 1e-9 { return Elementary.logarithm(high / low) }
        return (Elementary.power(high, next) - Elementary.power(low, next)) / next
    }
}
