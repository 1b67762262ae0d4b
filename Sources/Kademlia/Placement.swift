import Identity

/// The second part of a store: the closest nodes are known and asked to hold the record.
struct Placement: Sendable {
    /// Nodes that take the place of those that do not answer, nearest first.
    var spare: [ContactHandle]
    /// Requests under way.
    var open = 0
    var replicas = 0
    var unanswered = 0
    var refusals: [StoreOutcome.Refusal] = []
}
