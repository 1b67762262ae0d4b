import Primitives

/// How densely nodes lie in the ID space, learned from the lookups that this node makes.
///
/// Where `k` nodes answered within a distance, the distance by `k` is what lies between two. The median over many
/// lookups is not moved by one place where somebody has crowded.
struct DensityEstimate: Sendable {
    /// Shares of the ID space between two nodes.
    private var samples = InlineArray<9, Float>(repeating: 0)
    private var count: UInt8 = 0
    private var next: UInt8 = 0

    /// So many samples are needed before anything rests on them.
    private static let fewest = 3

    /// Notes that the `rank`-th closest node to a target lay at a distance.
    mutating func add(distance: Bits256, rank: Int) {
        guard rank > 0 else { return }
        samples[Int(next)] = Float(distance.fraction / Double(rank))
        next = (next + 1) % 9
        count = min(count + 1, 9)
    }

    /// The share of the ID space between two nodes; nil as long as too little is known.
    var spacing: Double? {
        guard count >= Self.fewest else { return nil }
        var sorted: [Float] = []
        for index in 0..<Int(count) { sorted.append(samples[index]) }
        sorted.sort()
        return Double(sorted[sorted.count / 2])
    }

    /// How many nodes the overlay has; nil as long as too little is known.
    var nodes: Double? { spacing.flatMap { $0 > 0 ? 1 / $0 : nil } }

    /// Within which distance so many nodes are to be expected; nil as long as too little is known.
    func reach(of nodes: Int) -> Bits256? { spacing.map { Bits256(fraction: $0 * Double(nodes)) } }
}
