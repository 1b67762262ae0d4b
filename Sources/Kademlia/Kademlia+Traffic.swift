import Primitives

// What a core tells an operator of its size and its load.
extension Kademlia {
    /// Contacts in each bucket of the routing table; bucket `i` is for IDs that share `i` leading bits with this
    /// node's.
    package var bucketCounts: [Int] { (0..<table.bucketCount).map { table.range(of: $0).count } }

    /// How many nodes the overlay has: by the density of those that were met, or all that are known where they are too
    /// few for that; nil when a large overlay has not been seen enough of.
    package var overlaySize: Int? {
        if let estimate = estimatedNodes { return Int(estimate.rounded()) }
        return table.count < configuration.bucketSize ? table.count + 1 : nil
    }

    /// Resources of which copies are kept that others store.
    package var cachedResources: Int { cache.count }

    /// Requests a second of late: those that came in and those that were sent.
    package func requestRates(at now: Instant) -> (received: Double, sent: Double) {
        (traffic.received.perSecond(at: now), traffic.sent.perSecond(at: now))
    }

    /// Requests since the start: those that came in, those that were sent, and of the former those that were dropped
    /// because their sender had asked too much.
    package var requestTotals: (received: UInt64, sent: UInt64, dropped: UInt64) {
        (traffic.received.total, traffic.sent.total, traffic.dropped.total)
    }
}
