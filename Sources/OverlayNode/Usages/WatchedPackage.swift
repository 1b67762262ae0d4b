import Identity
import Kademlia
import Primitives

/// What is watched of a user under one event package, at the nodes that serve the user.
struct WatchedPackage: Sendable {
    /// The nodes at which it is subscribed to.
    var subscribed: Set<NodeID> = []
    /// Those for whom it is watched, where this node does not hold the user's account.
    var watchers: [AddressOfRecord: Grants] = [:]

    /// What one watcher was given.
    struct Grants: Sendable {
        /// The key that each node told last. All nodes derive the same ones from the same rules, so a key opens what other
        /// nodes store too.
        var keys: [NodeID: VariantKey] = [:]
        /// Nodes that want no subscription of theirs, until a registration there is refreshed.
        var ended: Set<NodeID> = []
        /// The version of the last document of each node.
        var versions: [NodeID: Int64] = [:]

        /// What a record says for this watcher; nil for nothing that could be read.
        func document(in record: Record, from node: NodeID) -> [UInt8]? {
            guard let value = try? PresenceValue(decoding: record.value) else { return nil }
            for key in Set(keys.values) {
                let label = key.label
                guard let variant = value.variants.first(where: { $0.label == label }) else { continue }
                if let document = key.open(variant.sealed, from: node) { return document }
            }
            return nil
        }
    }
}
