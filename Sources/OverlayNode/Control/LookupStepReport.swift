import Kademlia

/// One question of a lookup that was traced.
package struct LookupStepReport: Codable, Hashable, Sendable {
    /// Milliseconds from the lookup's start to the question.
    package var after: Double
    /// The node that was asked; this one itself for what it stores.
    package var node: String
    /// Where; nil for this node itself.
    package var endpoint: String?
    /// Leading bits that its ID shares with the target.
    package var sharedBits: Int
    /// The bucket of the asking node's table in which it belongs; nil for this node itself.
    package var bucket: Int?
    /// The length of the chain of answers that led to it; 0 for this node itself.
    package var hop: Int
    package var isFurtherPage: Bool
    /// `open` (the lookup was over first), `answered`, `failed` (no answer) or `refused` (an answer that is not valid).
    package var ending: String
    /// Milliseconds from the question to its end; nil while it is open.
    package var roundTrip: Double?
    /// Whether it took longer than is usual for the node.
    package var isSlow: Bool
    /// Valid records in the answer.
    package var records: Int
    /// Whether they are copies that the node keeps for a while.
    package var areCopies: Bool
    /// Contacts in the answer.
    package var closer: Int

    /// - Parameter ownID: names this node in steps of its own.
    init(_ step: LookupStep, ownID: String) {
        after = step.after.inMilliseconds
        node = step.contact?.nodeID.text ?? ownID
        endpoint = step.contact?.endpoint.description
        sharedBits = step.sharedBits
        bucket = step.bucket
        hop = step.hop
        isFurtherPage = step.isFurtherPage
        ending = step.ending.rawValue
        roundTrip = step.roundTrip?.inMilliseconds
        isSlow = step.isSlow
        records = step.records
        areCopies = step.areCopies
        closer = step.closer
    }
}
