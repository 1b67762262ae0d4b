/// For what a server is looked for; the outcome names it again.
package enum LocationToken: Hashable, Sendable {
    /// A branch of a request that is forwarded.
    case branch(ClientTransactionID)
    /// The ACK to a 2xx, by a number of its own.
    case acknowledgement(UInt64)
    /// A response whose connection is gone.
    case reply(ServerTransactionID)
}
