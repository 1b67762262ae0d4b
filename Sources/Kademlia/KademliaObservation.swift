import Identity
import Primitives

/// What an operator may want to see of the overlay.
package enum KademliaObservation: Sendable {
    /// The node has found its place, and knows so many contacts; 0 as the first of its overlay.
    case joined(contacts: Int)
    /// Nobody answered to a join; it is tried again.
    case joinFailed
    /// A lookup for records or nodes has ended.
    case lookup(LookupTrace, isFound: Bool)
    /// A record came from a node (nil: was written here) and is held now.
    case accepted(Record.Identity, from: Contact?)
    /// A record came from a node (nil: was written here) and was refused.
    case refused(Record.Identity, RecordRefusal, from: Contact?)
    /// A node answered with a record that is not valid.
    case invalidRecord(RecordRefusal, from: Contact)
    /// A contact entered the routing table.
    case contactAdded(Contact)
    /// A contact was given up.
    case contactLost(Contact)
    /// A contact says that it is a client now, and was forgotten.
    case contactIsClient(Contact)
    /// The node has found out that others can reach it, or that they can't.
    case reachability(Reachability)
    /// Most others see this node there.
    case ownEndpoint(Endpoint)
    /// A node tells at which endpoint it sees this one.
    case reflected(Endpoint, by: Contact)
    /// Replicas that lagged were sent the newest record.
    case repaired(Record.Identity, replicas: Int)
    /// Records were handed to a node because of a change of the neighbourhood.
    case handedOver(records: Int, to: Contact)
}
