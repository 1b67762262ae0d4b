import Primitives

/// The network under the overlay: how long datagrams take, and which are lost.
package struct UnderlayPlan: Sendable {
    /// Where one-way delays come from.
    package enum Shape: Sendable {
        /// Places in a plane that are drawn so that the delays fit those of the Internet: p50 70, p90 157, p99 249 ms.
        case plane
        /// The same, with places from a file of coordinates in milliseconds.
        case coordinates(file: String, places: [SIMD2<Double>])
        /// A square matrix of round-trip times in milliseconds; nodes are spread over its rows.
        case matrix(file: String, roundTrips: [[Float]])
        /// Each delay between the same two bounds.
        case uniform(least: Interval, most: Interval)
        /// Regions with shares of the nodes, and the one-way delay between each two in milliseconds.
        case regions([Region])
    }

    /// A part of the world.
    package struct Region: Sendable {
        /// As it stands in reports.
        package var name: String
        /// Of the nodes, 0 to 1; all regions' shares make 1.
        package var share: Double
        /// One-way milliseconds to each region, in their order.
        package var delays: [Double]

        package init(name: String, share: Double, delays: [Double]) {
            self.name = name
            self.share = share
            self.delays = delays
        }
    }

    /// Where one-way delays come from.
    package var shape = Shape.plane
    /// What each node's own line adds to every datagram that it sends or receives: half at least, drawn evenly up to
    /// one and a half times this.
    package var accessDelay = Interval.zero
    /// Bytes a second that a node can send; 0 is no limit. Datagrams queue behind each other.
    package var uplinkBytesPerSecond = 0
    /// The share of datagrams that are lost, 0 to 1.
    package var loss = 0.0
    /// The mean of what is added to a datagram's delay, distributed exponentially.
    package var jitter = Interval.zero
    /// The share of datagrams that are held back by another full delay, and so overtaken, 0 to 1.
    package var reordering = 0.0

    package init() {}
}
