import Identity
import Kademlia
import Presence
import Primitives

/// A user of whom something is watched here that other nodes know.
struct WatchedUser: Sendable {
    /// Their domain's key: the name space of their records.
    var domain: PublicSigningKey
    /// The nodes that serve the user, by their registration records.
    var nodes: Set<NodeID> = []
    /// The last presence record of each node: a key that opens it may come later.
    var records: [NodeID: Record] = [:]
    var packages: [EventPackage: WatchedPackage] = [:]

    /// The packages that are watched, in an order that is always the same.
    var watchedPackages: [EventPackage] { packages.keys.sorted { $0.rawValue < $1.rawValue } }
}
