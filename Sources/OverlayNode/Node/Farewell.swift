import Kademlia
import Primitives

/// A node's good-bye: first it withdraws what is not true any more, then it leaves the overlay.
struct Farewell: Sendable {
    /// How long the others have to acknowledge what is withdrawn, and then what is handed over.
    static let withdrawalTime = Interval.milliseconds(1500)
    static let leavingTime = Interval.milliseconds(1500)

    /// Stores that have not ended yet.
    var awaited: Set<StoreToken> = []
    var isLeaving = false
    var deadline: Instant
}
