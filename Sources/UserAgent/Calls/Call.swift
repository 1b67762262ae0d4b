import Primitives
import SIPMessages
import SIPStack

/// One call, at either end of it (RFC 3261 §13–§15).
struct Call: Sendable {
    /// How far it has got.
    enum Phase: Hashable, Sendable {
        /// The INVITE left and has no final answer.
        case calling
        /// It rings here.
        case ringing(ServerTransactionID)
        /// Answered here, not acknowledged yet.
        case answered
        case established
        /// A BYE left.
        case ending
    }

    let number: CallNumber
    var phase: Phase
    var negotiation: SessionNegotiation
    /// The INVITE that began the call, as it was sent (without Via) or received.
    var invite: SIPMessage
    /// Our tag in the dialog.
    let localTag: String
    /// Nil at the caller while nothing but a 100 has come.
    var dialog: Dialog?
    /// Whether the person here gave the call up before a final answer, or before it was acknowledged.
    var isGivenUp = false
    /// What acknowledged the answer to our INVITE, to be sent again with every copy of the answer.
    var acknowledgement: SIPMessage?
    /// What our 2xx says of the session.
    var description: SessionDescription?
    /// Our 2xx to an INVITE, until it is acknowledged.
    var answer: PendingAnswer?

    /// Whether a request or response with these tags belongs to the call's dialog.
    func isIn(_ id: DialogID) -> Bool { dialog?.id == id }
}
