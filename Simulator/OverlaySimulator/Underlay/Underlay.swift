import Primitives

/// The network under the overlay: how long datagrams take between any two nodes, and which are lost.
///
/// It holds 8 bytes a node at most and nothing that changes, so that threads can share it. All that it computes in
/// floating point is exact to the bit everywhere: sums, products, quotients and square roots.
package final class Underlay: Sendable {
    /// What ``delay(from:to:)`` is computed from.
    enum Form: Sendable {
        /// The distance of places.
        case distance
        /// A table over groups of nodes.
        case table
        /// A hash of the pair.
        case hash
    }

    /// No delay is shorter than this, whatever the plan says: two nodes in one place still have cables between them.
    static let floor = Interval.microseconds(500)
    /// Between two nodes that share a row of a matrix.
    static let localDelay = Interval.milliseconds(1)

    let form: Form
    // What the plan says beside its shape: to keep the plan would be to count references at every datagram.
    /// Nanoseconds, in the middle.
    let accessDelay: Int64
    let uplinkBytesPerSecond: UInt64
    let loss: Double
    let jitter: Interval
    let reordering: Double
    /// In milliseconds, one for each node; empty unless distances count.
    let places: [SIMD2<Float>]
    /// Which row of the table each node has; empty unless the table counts.
    let groups: [UInt16]
    /// How many groups there are.
    let groupCount: Int
    /// One-way nanoseconds from each group to each: row after row.
    let table: [Float]
    /// The bounds of hashed delays, in nanoseconds; of the others, the first is their least.
    let least: Int64
    let most: Int64
    let pairHash: KeyedHash
    let accessHash: KeyedHash

    /// A true lower bound of all delays and journeys: how far ahead a part of the network can be simulated without
    /// hearing from the others. At least 500 µs, and 1 ms in the plane.
    package let leastDelay: Interval

    /// Gives `nodes` nodes their places.
    ///
    /// - Parameter plan: its matrix is square and its regions are as many as each has delays; shares are positive.
    package init(plan: UnderlayPlan, nodes: Int, random: RandomSource) {
        var random = random
        accessDelay = plan.accessDelay.nanoseconds
        uplinkBytesPerSecond = UInt64(max(plan.uplinkBytesPerSecond, 0))
        loss = plan.loss
        jitter = plan.jitter
        reordering = plan.reordering
        pairHash = KeyedHash(random: &random)
        accessHash = KeyedHash(random: &random)
        var layout = UnderlayLayout()
        switch plan.shape {
        case .plane: layout.placeInPlane(nodes, using: &random)
        case .coordinates(_, let given): layout.place(nodes, at: given, using: &random)
        case .matrix(_, let roundTrips): layout.spread(nodes, overRowsOf: roundTrips, using: &random)
        case .regions(let regions): layout.spread(nodes, over: regions, using: &random)
        case .uniform(let least, let most):
            layout.form = .hash
            layout.least = max(least, Self.floor).nanoseconds
            layout.most = max(most.nanoseconds, layout.least)
        }
        form = layout.form
        places = layout.places
        groups = layout.groups
        groupCount = layout.groupCount
        table = layout.table
        least = layout.least
        most = layout.most
        let access = Int64(Double(accessDelay) * 0.5)
        leastDelay = Interval(nanoseconds: layout.least + 2 * access)
    }

    /// How long a datagram takes from one node to another when nothing queues before it and nothing disturbs it: what
    /// is between them, and both their own lines. Always the same for two nodes, and the same both ways unless a
    /// matrix or the regions say otherwise.
    @inline(__always)
    package func delay(from source: Int, to destination: Int) -> Interval {
        var delay: Int64
        switch form {
        case .distance:
            let difference = places[source] - places[destination]
            let square = difference * difference
            delay = max(Int64((square.x + square.y).squareRoot() * 1e6), least)
        case .table: delay = Int64(table[Int(groups[source]) * groupCount + Int(groups[destination])])
        case .hash:
            let pair = UInt64(min(source, destination)) << 32 | UInt64(max(source, destination))
            delay = least + Int64(Double(most - least) * pairHash.unit(pair))
        }
        if accessDelay > 0 { delay += access(of: source) + access(of: destination) }
        return Interval(nanoseconds: delay)
    }

    /// What a node's own line adds, in nanoseconds.
    private func access(of node: Int) -> Int64 {
        Int64(Double(accessDelay) * (0.5 + accessHash.unit(UInt64(node))))
    }
}
