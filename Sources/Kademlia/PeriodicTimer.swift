/// What every core waits for, one deadline each.
enum PeriodicTimer: Int, CaseIterable, Sendable {
    case join
    case ownPlace
    case liveness
    case refreshBuckets
    case remember
    case replicate
    case handOver
    case heldEnds
    /// A contact that was lost is tried again.
    case reconcile
    /// Leaving, or handing over before becoming a client, has taken long enough.
    case leave
    /// The next step in finding out whether others can reach this node.
    case reachability
    /// A client's word to those who push changes to it.
    case keepOpen
}
