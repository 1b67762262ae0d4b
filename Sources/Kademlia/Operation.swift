import Primitives

/// A lookup under way, with what is to be done once it has found the closest nodes.
///
/// It has an identity, and every answer changes some part of it: as a value in a table each change would move all of
/// it out and back.
///
/// Unchecked Sendable is sound because one core alone refers to it, which is not copied and runs on one thread at a
/// time.
final class Operation: @unchecked Sendable {
    /// Why it is made.
    enum Purpose: Sendable {
        /// To find this node's own place.
        case ownPlace
        /// To hear of contacts for a bucket.
        case refresh
        case findNode(LookupToken)
        case findRecords(LookupToken, LookupOptions)
        /// To store a record; the token is nil when it is for the overlay's sake. A stray is a record that others
        /// should hold instead of this node.
        case store(StoreToken?, Record, StoreOptions, isStray: Bool)
        /// To see a watched resource, and find the nodes for its leases.
        case watch
    }

    let purpose: Purpose
    let startedAt: Instant
    /// What is fetched from the nodes on the way; nil when only nodes are sought.
    let resource: ResourceKey?
    var lookup: Lookup
    var trace = LookupTrace()
    var gathered = GatheredRecords()
    /// The questions so far; nil when nobody wants to see them.
    var steps: [LookupStep]?
    /// Pages that were asked for and have not come.
    var openPages = 0
    /// The store that follows the lookup.
    var placement: Placement?

    init(purpose: Purpose, startedAt: Instant, resource: ResourceKey?, lookup: Lookup) {
        self.purpose = purpose
        self.startedAt = startedAt
        self.resource = resource
        self.lookup = lookup
    }
}
