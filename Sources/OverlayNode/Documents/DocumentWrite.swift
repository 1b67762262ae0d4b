import Kademlia
import XCAP

/// A change of a document on its way into the overlay, and those that have to wait for it.
struct DocumentWrite: Sendable {
    /// How often a change is worked out anew because somebody else was faster.
    static let maximumAttempts = 3

    var call: DocumentCall
    var response: XCAPResponse
    var record: Record
    /// The sequence that nodes must hold for the record to take its place; -1 for none.
    var expected: Int64
    var attempts = 1
    /// The highest sequence that was in the way.
    var contender: Int64 = -1
    /// Calls that come after, in order.
    var waiting: [DocumentCall] = []
}
