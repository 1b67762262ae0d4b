import Primitives

/// What the core waits for.
enum KademliaTimer: Hashable, Sendable {
    /// A request takes longer than usual.
    case slow(UInt64)
    /// A request has failed.
    case lost(UInt64)
    case join
    case ownPlace
    case liveness
    case refreshBuckets
    case remember
    case replicate
    case handOver
    case leave
    /// A record held for the overlay ends.
    case heldEnds(Record.Identity)
    /// A record of ours is to be stored again.
    case republish(Record.Identity)
    /// A record of ours needs a successor.
    case renew(Record.Identity)
    /// A record of ours ends.
    case keptEnds(Record.Identity)
    /// Leases of a watch are to be renewed, or placed anew.
    case watch(ResourceKey)
    /// A watched record ends.
    case watchedEnds(Record.Identity)
}
