/// Nodes that do not keep to the protocol.
package struct AdversaryPlan: Sendable {
    /// Of the nodes, 0 to 1: answer nothing but pings.
    package var droppers = 0.0
    /// Of the nodes, 0 to 1: name each other as the closest nodes, hide records and forge them.
    package var liars = 0.0
    /// Additional nodes of one attacker, with addresses of one IPv4 /16.
    package var sybils = 0
    /// The Sybils that have IDs ground to lie around one record's resource: closer to it than any honest node.
    package var groundIDs = 0
    /// Of the nodes, 0 to 1: send requests to random nodes as fast as ``floodPerSecond``.
    package var flooders = 0.0
    /// Requests a second of one flooder.
    package var floodPerSecond = 100.0

    package init() {}
}
