import Primitives
import SIPMessages
import SIPStack

extension PresenceAgent {
    /// What the agent wants done, in this order.
    package enum Action: Sendable {
        case respond(ServerTransactionID, SIPMessage)
        /// A NOTIFY. The token comes back with its outcome; nil sends it by its Route and Request-URI.
        case sendRequest(RequestToken, SIPMessage, to: NextHop?)
        /// What is published here of a presentity changed or was refreshed: the composed document under a version that
        /// only grows, nil when nothing is left. It holds until `expires` if nothing else is said.
        case publish(AddressOfRecord, document: [UInt8]?, version: Int64, expires: Instant)
        /// The first watcher of this node's own: what other nodes publish of the presentity is wanted.
        case watchRemote(AddressOfRecord)
        /// The last one went.
        case unwatchRemote(AddressOfRecord)
        /// A user's first subscription to a list that a document defines: ``Event/lists(of:_:)`` is wanted of the user.
        case followLists(of: AddressOfRecord)
        /// The last one went.
        case unfollowLists(of: AddressOfRecord)
        /// ``Event/documents(_:_:unknown:)`` is wanted for the subscription of that number, now and at each change: what
        /// there is of the user's documents at these URIs (RFC 5875 §4.4).
        case followDocuments(UInt64, of: AddressOfRecord, [String])
        /// It is not wanted any longer.
        case unfollowDocuments(UInt64)
        /// The first subscription of a watcher here to a presentity whose rules are known elsewhere: what that watcher may
        /// know is wanted.
        case ask(AddressOfRecord, for: AddressOfRecord)
        /// The last one went.
        case stopAsking(AddressOfRecord, for: AddressOfRecord)
        /// What a presentity that the owner watches looks like now.
        case composed(AddressOfRecord, document: [UInt8])
        /// Must be kept before any action behind it is carried out.
        case persist(PresenceRoom, key: [UInt8], value: [UInt8])
        case forget(PresenceRoom, key: [UInt8])
        case observe(PresenceObservation)
    }
}
