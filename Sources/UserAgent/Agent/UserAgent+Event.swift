import Primitives
import SIPMessages
import SIPStack

extension UserAgent {
    /// What can happen to a user agent: its sockets, its user's wishes and time.
    package enum Event: Sendable {
        case transport(TransportEvent)
        /// Registers at the outbound proxy, and keeps the registration until ``unregister``.
        case register
        /// Takes the registration back.
        case unregister
        /// Publishes this, in place of what was published before, and keeps it published.
        case publish(OwnPresence)
        /// Takes the publication back.
        case unpublish
        /// Watches a presentity until ``unwatch(_:)``.
        case watch(AddressOfRecord)
        case unwatch(AddressOfRecord)
        /// Sends a text; the outcome comes under the number that the caller chose.
        case sendMessage(UInt64, to: SIPURI, text: String)
        /// Calls somebody, under a ``CallNumber/placed(_:)`` that was not used before.
        case call(CallNumber, to: SIPURI)
        /// Answers an incoming call.
        case answer(CallNumber)
        /// Turns an incoming call away: 486 when the person is busy, 603 when they do not want it.
        case reject(CallNumber, status: Int)
        /// Ends a call: hangs up, gives up one that is not answered yet, or turns away one that rings here.
        case end(CallNumber)
        /// The deadline has come.
        case wake
    }
}
