import Primitives

/// The numbers from 0 up to some bound in an order that looks random, without a table of them: a Feistel network of
/// four rounds over a power of four that is hardly larger, walked until it comes back below the bound.
package struct KeyedPermutation: Sendable {
    private let bound: UInt64
    private let halfBits: UInt64
    private let mask: UInt64
    private let rounds: [KeyedHash]

    /// - Parameter count: how many numbers there are, at least 1.
    package init(count: Int, random: inout RandomSource) {
        precondition(count >= 1, "a permutation of nothing")
        bound = UInt64(count)
        let bits = UInt64.bitWidth - (bound - 1).leadingZeroBitCount
        halfBits = UInt64((bits + 1) / 2)
        mask = (1 << halfBits) - 1
        rounds = (0..<4).map { _ in KeyedHash(random: &random) }
    }

    /// The number that stands at `place`.
    package func callAsFunction(_ place: Int) -> Int {
        precondition(place >= 0 && UInt64(place) < bound, "no such place")
        var value = UInt64(place)
        repeat {
            for round in rounds {
                let right = value & mask
                value = right &<< halfBits | (value &>> halfBits ^ round.bits(right) & mask)
            }
        } while value >= bound
        return Int(value)
    }

    /// Where `number` stands.
    package func place(of number: Int) -> Int {
        precondition(number >= 0 && UInt64(number) < bound, "no such number")
        var value = UInt64(number)
        repeat {
            for round in rounds.reversed() {
                let right = value &>> halfBits
                value = (value & mask ^ round.bits(right) & mask) &<< halfBits | right
            }
        } while value >= bound
        return Int(value)
    }
}
