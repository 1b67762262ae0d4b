import Primitives
import SIPMessages
import SIPStack

/// A 2xx to an INVITE that is repeated until its ACK comes (RFC 3261 §13.3.1.4).
struct PendingAnswer: Sendable {
    let transaction: ServerTransactionID
    let response: SIPMessage
    /// The CSeq number of the INVITE, which its ACK repeats.
    let sequence: UInt32
    /// The wait before the next repetition but one is twice this, up to T2.
    var interval: Interval
    /// When to stop.
    let end: Instant
    /// Whether the 2xx carried an offer, so that the ACK carries the answer.
    let isOffer: Bool
}
