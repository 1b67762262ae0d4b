/// A node's own account of itself. Counts are of now, `counters` are since the start.
package struct StatusReport: Codable, Hashable, Sendable {
    package var nodeID: String
    package var network: String
    package var overlayEndpoint: String
    package var isGateway: Bool
    package var startedAt: UInt64
    package var sipListeners: [String]
    package var domains: [DomainReport]
    /// Whether others can reach the node: `full`, `client` (they can't) or `unproven`.
    package var reachability: String
    /// Where most others see the node; nil as long as they do not agree.
    package var observedEndpoint: String?
    /// Other nodes in the routing table.
    package var contacts: Int
    /// How many of them are in each bucket: in bucket `i` those whose IDs share `i` leading bits with this node's.
    package var buckets: [Int]
    /// Nodes of the overlay by this node's estimate; nil as long as it has seen too little of it.
    package var estimatedNodes: Int?
    package var sessions: Int
    /// Records stored here for the overlay, by kind.
    package var recordsByKind: [String: Int]
    package var recordBytes: Int
    /// Resources of which copies are kept for a while that others store.
    package var cachedResources: Int
    package var traffic: TrafficReport
    /// Watches this node holds at others, and leases it has granted.
    package var watches: Int
    package var leases: Int
    package var registeredUsers: Int
    package var transactions: Int
    package var publications: Int
    package var subscriptions: Int
    package var counters: [String: UInt64]
}
