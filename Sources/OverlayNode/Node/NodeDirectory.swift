import Identity
import Primitives

/// Where nodes that requests were exchanged with, or that a registration named, can be reached.
///
/// Bounded: the entry that was learnt longest ago makes room, and is found again by a lookup.
package struct NodeDirectory: Sendable {
    package static let capacity = 65_536

    private var peers: [NodeID: Contact] = [:]
    /// In the order in which they were learnt, forgotten ones included: a ring once it is full.
    private var order: [NodeID] = []
    private var oldest = 0

    package init() {}

    package subscript(node: NodeID) -> Contact? { peers[node] }

    /// A later address takes the place of an earlier one.
    package mutating func learn(_ peer: Contact) {
        if peers.updateValue(peer, forKey: peer.nodeID) != nil { return }
        if order.count < Self.capacity {
            order.append(peer.nodeID)
        } else {
            peers[order[oldest]] = nil
            order[oldest] = peer.nodeID
            oldest = (oldest + 1) % Self.capacity
        }
    }

    /// The address turned out wrong.
    package mutating func forget(_ node: NodeID) { peers[node] = nil }
}
