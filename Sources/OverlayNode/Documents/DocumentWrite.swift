import Kademlia
import XCAP

/// A change of a document on its way into the overlay, and those that have to wait for it.
struct DocumentWrite: Sendable {
    /// How often a change is worked out anew because somebody else was faster.
    static let maximumAttempts = 3
    /// How many parts are stored at one time.
    static let maximumPartsUnderWay = 4

    var call: DocumentCall
    var response: XCAPResponse
    var record: Record
    /// What is stored; nil for a deletion.
    var content: DocumentContent?
    /// The records of its parts, if it is in parts. They are stored before the one that names them.
    var parts: [Record] = []
    /// The parts of the version that it replaces.
    var replacedParts: DocumentParts?
    /// How many of the parts storing has begun of.
    var partsBegun = 0
    var partsUnderWay = 0
    /// Whether a part could not be stored.
    var hasFailed = false
    /// The sequence that nodes must hold for the record to take its place; -1 for none.
    var expected: Int64
    /// The highest sequence that was in the way.
    var contender: Int64 = -1
    /// Calls that come after, in order.
    var waiting: [DocumentCall] = []
}
