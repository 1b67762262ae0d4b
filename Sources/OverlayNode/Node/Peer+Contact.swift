import Kademlia
import Sessions

extension Peer {
    /// The same node, as sessions name it.
    init(_ contact: Contact) { self.init(key: contact.key, endpoint: contact.endpoint, nodeID: contact.nodeID) }
}

extension Contact {
    /// The same node, as Kademlia names it.
    init(_ peer: Peer) { self.init(key: peer.key, endpoint: peer.endpoint, nodeID: peer.nodeID) }
}
