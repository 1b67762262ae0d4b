import Primitives
import SIPMessages

/// A message about a call that passes a server on its way between others, once each and in that order.
package enum PassingMessage: Sendable {
    /// An INVITE, UPDATE or BYE that is forwarded, and no retransmission.
    ///
    /// - caller: the user of this server who sends it; nil when somebody else does.
    /// - callee: the user of this server's domains whom it is for; nil within a dialog, or when it is for somebody else.
    case request(SIPMessage, caller: AddressOfRecord?, callee: AddressOfRecord?)
    /// A response from where such a request was forwarded to.
    case branchResponse(SIPMessage)
    /// A final response to an INVITE that is no 2xx, and goes back to the caller.
    case finalResponse(SIPMessage)
    /// A request within a dialog that nobody answered.
    case unanswered(SIPMessage)
}
