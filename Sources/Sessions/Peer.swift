import Identity
import Primitives

/// A node that was or is to be authenticated, and where datagrams for it go.
package struct Peer: Hashable, Sendable, CustomStringConvertible {
    package let key: PublicSigningKey
    package var endpoint: Endpoint
    /// Follows from ``key``; kept because it is asked for on every datagram.
    package let nodeID: NodeID

    package init(key: PublicSigningKey, endpoint: Endpoint) {
        self.key = key
        self.endpoint = endpoint
        nodeID = key.nodeID
    }

    /// For a caller who has the ID already: it must be that of the key.
    package init(key: PublicSigningKey, endpoint: Endpoint, nodeID: NodeID) {
        self.key = key
        self.endpoint = endpoint
        self.nodeID = nodeID
    }

    package var description: String { "\(nodeID) at \(endpoint)" }
}
