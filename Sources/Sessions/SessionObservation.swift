import Identity
import Primitives

/// What is worth counting or logging; nothing depends on it.
package enum SessionObservation: Hashable, Sendable {
    case dropped(DropReason, from: Endpoint)
    /// A datagram that was not expected was answered with a challenge.
    case challenged(Endpoint)
    /// A handshake that this node began failed.
    case handshakeFailed(Destination, SessionFailure)
    /// Fresh keys were agreed with a node with which there had been a session already.
    case rekeyed(Contact)
    /// The node lost its state and came back.
    case restarted(Contact)
    /// An authenticated datagram came from a new endpoint, and the session moved there.
    case moved(Contact, from: Endpoint)
    /// A session was given up because it was idle, or to make room for another.
    case expired(Contact)
    /// Fragments were lost and are sent again.
    case retransmitted(Contact, fragments: Int)
}
