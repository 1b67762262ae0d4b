import Primitives

/// What another node publishes of a presentity.
struct RemoteSource: Sendable {
    /// The node, as its bytes.
    var source: [UInt8]
    /// Of the document, by that node's own version clock.
    var version: Int64
    /// Nil once the node said that it has none any more.
    var document: PresenceDocument?
    /// False when nobody can reach the node: its document may be out of date.
    var isReachable = true
}
