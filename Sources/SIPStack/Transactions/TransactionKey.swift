import SIPMessages

/// What identifies a server transaction in the requests that belong to it (RFC 3261 §17.2.3).
struct TransactionKey: Hashable, Sendable {
    /// The branch, or for a peer of RFC 2543 the header fields that stand in for it.
    var branch: String
    /// The top Via's host and port, so that no other client's branch can match.
    var sentBy: String
    /// The method that opened the transaction: INVITE for an ACK.
    var method: SIPMethod
}
