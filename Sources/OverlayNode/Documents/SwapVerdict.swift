import Kademlia

/// What a compare-and-swap at many nodes comes to. They decide each by itself, so that of two writers at one time each
/// may be accepted somewhere.
enum SwapVerdict: Hashable, Sendable {
    /// The record is the document from now on.
    case won
    /// Nodes held this sequence, which the writer did not expect.
    case lost(held: Int64)
    /// Nobody took the record, and nobody said that there is another.
    case unreached

    /// - Parameter expected: the sequence that the writer expected.
    init(_ outcome: StoreOutcome, of record: Record, expected: Int64) {
        let outdated = outcome.refusals.filter { [.unexpectedSequence, .older, .conflicting].contains($0.reason) }
        let contending = outdated.compactMap(\.heldSequence).filter { $0 > expected }
        guard let highest = contending.max() else {
            // A node that refused and holds less has missed what was written last: it is given the newest anyway.
            self = outcome.replicas > 0 || !outdated.isEmpty ? .won : .unreached
            return
        }
        // Where the highest sequence has the majority, a writer with a lower one has met it at some node.
        let hasMajority = highest < record.sequence && outcome.replicas > contending.count
        self = hasMajority ? .won : .lost(held: highest)
    }
}
