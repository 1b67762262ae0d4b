import Identity
import Primitives

/// The overlay's core: finds nodes and stores, finds and watches records.
package struct Kademlia: Sendable {
    let key: PublicSigningKey
    let nodeID: NodeID
    let configuration: KademliaConfiguration
    var random: RandomSource

    /// - Parameter key: the node's own.
    package init(self key: PublicSigningKey, configuration: KademliaConfiguration, random: RandomSource) {
        self.key = key
        nodeID = key.nodeID
        self.configuration = configuration
        self.random = random
    }

    /// When ``Event/wake`` is due.
    package var nextDeadline: Instant? { nil }

    /// Takes an event and appends what is to be done, in order. Whatever is due by `now` is done too.
    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {}
}
