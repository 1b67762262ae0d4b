import Identity
import Kademlia
import Primitives

/// A node of the simulation: the core that ships, and what the shell around it would know.
struct SimulatedNode: Sendable {
    var core: Kademlia
    let contact: Contact
    var isAlive = true
    var hasJoined = false
    /// The wake-up that lies in the queue; later ones are pushed when it comes.
    var wake = Instant.distantFuture
    /// Events sent so far.
    var sequence: UInt32 = 0

    // Both are mutating so that they work in place: reading a core through an array otherwise copies it.

    /// Whether the core has something to do by `now`.
    mutating func isDue(at now: Instant) -> Bool { core.nextDeadline.map { $0 <= now } ?? false }

    /// The core's deadline if it is earlier than the wake-up in the queue, which it then is.
    mutating func takeEarlierDeadline() -> Instant? {
        guard let deadline = core.nextDeadline, deadline < wake else { return nil }
        wake = deadline
        return deadline
    }
}
