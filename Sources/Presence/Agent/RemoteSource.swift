import Primitives

/// What another node says of a resource.
struct RemoteSource: Sendable {
    /// The node, as its bytes.
    var source: [UInt8]
    /// Whom it is for; nil for all watchers here, to whom the rules are applied here.
    var watcher: AddressOfRecord?
    /// Of the state, by that node's own version clock.
    var version: Int64
    /// Nil once the node said that it has none any more.
    var state: (any Sendable)?
    /// False when nobody can reach the node: its state may be out of date.
    var isReachable = true

    /// Whether it stands before what that source says for that watcher.
    func precedes(_ other: [UInt8], _ watcher: AddressOfRecord?) -> Bool {
        guard source == other else { return source.lexicographicallyPrecedes(other) }
        switch (self.watcher, watcher) {
        case (nil, let other): return other != nil
        case (_, nil): return false
        case (let own?, let other?): return own < other
        }
    }
}
