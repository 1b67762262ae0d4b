/// What changes for all nodes at once in a run: set between two stretches of it, while nothing runs.
struct Conditions: Sendable {
    /// The share of nodes on the one side of a partition; 0 when there is none.
    var partition = 0.0
    /// Whether the measured part has begun.
    var isMeasuring = false

    /// On which side of a partition a node is: which nodes are together looks random and stays the same.
    static func side(of node: UInt32, share: Double) -> Bool {
        Double((UInt64(node) &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53 < share
    }

    /// Whether two nodes can't reach each other now.
    func separates(_ a: UInt32, _ b: UInt32) -> Bool {
        partition > 0 && Self.side(of: a, share: partition) != Self.side(of: b, share: partition)
    }
}
