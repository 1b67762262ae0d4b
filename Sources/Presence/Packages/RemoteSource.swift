import Primitives

/// What another node says of a resource.
struct RemoteSource: Sendable {
    /// The node, as its bytes.
    var source: [UInt8]
    /// Of the state, by that node's own version clock.
    var version: Int64
    /// Nil once the node said that it has none any more.
    var state: (any Sendable)?
    /// False when nobody can reach the node: its state may be out of date.
    var isReachable = true
}
