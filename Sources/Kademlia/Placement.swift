import Identity

/// Which nodes are asked to hold a record: those that held the one before at once, and the closest when they are known.
struct Placement: Sendable {
    /// Nodes that take the place of those that do not answer, nearest first.
    var spare: [ContactHandle]
    /// Whether the closest nodes are known and have been asked.
    var isPlaced = false
    /// All that were asked.
    var asked: [ContactHandle] = []
    /// Those that hold it now.
    var holders: [ContactHandle] = []
    /// Requests under way.
    var open = 0
    var replicas = 0
    var unanswered = 0
    var refusals: [StoreOutcome.Refusal] = []
}
