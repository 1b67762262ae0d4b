/// What a lookup of a simulated node is for, in the 64 bits of its token.
struct SimulatedToken: Hashable, Sendable {
    /// What the lookup is for.
    enum Purpose: UInt64, Sendable {
        /// One of the workload.
        case get = 1
        /// For somebody who was never there.
        case absent
        /// To call the user.
        case call
        /// To see whether records survived.
        case survival
        /// To see whether what was written during a partition is known.
        case healing
    }

    let rawValue: UInt64

    init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameter number: tells lookups of a node for one user apart.
    init(_ purpose: Purpose, user: Int, number: UInt32) {
        rawValue = purpose.rawValue << 60 | UInt64(UInt32(user)) << 28 | UInt64(number & 0xFFF_FFFF)
    }

    var purpose: Purpose? { Purpose(rawValue: rawValue >> 60) }
    var user: Int { Int(rawValue >> 28 & 0xFFFF_FFFF) }
}
