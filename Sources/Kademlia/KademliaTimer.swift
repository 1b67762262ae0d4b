import Primitives

/// What a core waits for on behalf of records and watches. What every core waits for is a ``PeriodicTimer``; requests
/// have their deadlines with them (``PendingRequests``).
enum KademliaTimer: Hashable, Sendable {
    /// Something is to be done about a record of ours (``KeptRecord/deadline``).
    case kept(Record.Identity)
    /// Leases of a watch are to be renewed, or placed anew.
    case watch(ResourceKey)
    /// A watched record ends.
    case watchedEnds(Record.Identity)
}
