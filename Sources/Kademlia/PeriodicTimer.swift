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
    case leave
}
