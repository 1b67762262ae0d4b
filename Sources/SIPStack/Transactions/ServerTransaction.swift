import Primitives
import SIPMessages

/// One server transaction: its machine and what it answers with.
struct ServerTransaction: Sendable {
    enum Machine: Sendable {
        case invite(InviteServerMachine)
        case nonInvite(NonInviteServerMachine)
    }

    let key: TransactionKey
    var machine: Machine
    /// The request as received, with `received` and `rport` filled in; nil once a final response needs it no more.
    var request: SIPMessage?
    /// Where responses go.
    var replyFlow: Flow
    /// Where they go when the connection of `replyFlow` has closed (RFC 3261 §18.2.2); nil once that has been tried.
    var fallback: Flow?
    /// Where they go after that (RFC 3263 §5).
    var furtherFlows: ArraySlice<Flow> = []
    /// Whether those have been asked for.
    var hasSoughtFlows = false
    /// The flow that `serversByConnection` lists this transaction under, if any.
    var connection: Flow?
    var lastResponse: [UInt8]?
    /// Whether the client wants to be told of overload (RFC 7339).
    var reportsLoad = false
    /// Whether the user has given a final response.
    var isAnswered = false

    var isInvite: Bool {
        if case .invite = machine { return true }
        return false
    }

    var nextDeadline: Instant? {
        switch machine {
        case .invite(let machine): machine.nextDeadline
        case .nonInvite(let machine): machine.nextDeadline
        }
    }
}
