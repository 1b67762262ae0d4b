import Identity
import Primitives

/// One question of a traced lookup, and what became of it.
package struct LookupStep: Hashable, Sendable {
    /// How it ended.
    package enum Ending: String, Hashable, Sendable {
        /// The lookup was over before an answer came.
        case open
        case answered
        /// No answer came in time, or no session could be had.
        case failed
        /// The records in the answer were not valid.
        case refused
    }

    /// Who was asked; nil for what this node stores itself.
    package let contact: Contact?
    /// From the lookup's start to the question.
    package let after: Interval
    /// How many leading bits the node's ID shares with the target: the more, the closer it is.
    package let sharedBits: Int
    /// The bucket of this node's routing table in which the node belongs; nil for this node itself.
    package let bucket: Int?
    /// The length of the chain of answers that led to it; 0 for this node itself.
    package let hop: Int
    /// Whether it was asked for a further page of its records.
    package let isFurtherPage: Bool

    package var ending = Ending.open
    /// From the question to its end; nil while it is open.
    package var roundTrip: Interval?
    /// Whether it took longer than is usual for the node, so that somebody else was asked as well.
    package var isSlow = false
    /// Valid records in the answer.
    package var records = 0
    /// Whether they are copies that the node keeps for a while, and does not store.
    package var areCopies = false
    /// Contacts in the answer.
    package var closer = 0
}
