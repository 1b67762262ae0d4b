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
}
