/// How far this node's own watchers of a resource have been told of its newest state, where they are too many to be told
/// at once.
struct Telling: Sendable {
    let resource: EventResource
    /// The number of the subscription that comes next.
    var next: UInt64 = 0
    /// Whether there is something newer by now than the first ones were told.
    var isOvertaken = false
}
