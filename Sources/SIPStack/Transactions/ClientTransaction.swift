import Primitives
import SIPMessages

/// One client transaction: its machine and the request that it sends.
struct ClientTransaction: Sendable {
    enum Machine: Sendable {
        case invite(InviteClientMachine)
        case nonInvite(NonInviteClientMachine)
    }

    /// How far giving up an INVITE has got.
    enum Cancellation: Sendable { case none, wanted, sent }

    var machine: Machine
    /// The request without our Via, kept while it may have to be sent by another transport.
    var unsent: SIPMessage?
    /// The request as it was sent.
    var request: SIPMessage
    var flow: Flow
    let branch: String
    let method: SIPMethod
    var sentBy: String
    var cancellation = Cancellation.none
    /// Whether the layer made the request itself (a CANCEL), so that nobody waits for its outcome.
    let isOwn: Bool
    /// Where to go when the stream that a large request was moved to can't be had (RFC 3261 §18.1.1).
    var datagramFlow: Flow?

    var isInvite: Bool { method == .invite }

    var nextDeadline: Instant? {
        switch machine {
        case .invite(let machine): machine.nextDeadline
        case .nonInvite(let machine): machine.nextDeadline
        }
    }
}
