import Primitives
import SIPMessages

/// What a ``SIPServer`` is told.
package enum SIPServerEvent: Sendable {
    case transport(TransportEvent)
    /// Sets, or with nil removes, what a user's password must fit.
    case setAccount(AddressOfRecord, Credentials?)
    /// Where a user can be reached besides the bindings of this node; empty for nowhere.
    case resolved(LookUpToken, [Target])
    /// What the DNS says; ``DNSAnswer/failure`` when nobody answers.
    case answered(DNSQuestion, DNSAnswer)
    /// The answer to a request that was handed up.
    case respond(ServerTransactionID, SIPMessage)
    /// Sends a request of a user of this server. It comes without Via; `to` is where it goes, nil to follow its Route
    /// or Request-URI like any request that is forwarded.
    case sendRequest(RequestToken, SIPMessage, to: NextHop?)
    /// A binding as ``SIPServerAction/persistBinding(key:_:)`` gave it in an earlier run.
    case restoreBinding([UInt8])
    /// Ends all bindings of a user who is no user any more.
    case removeBindings(AddressOfRecord)
    /// The share of the time since the last such event for which whoever drives this server was busy, from 0 to 1: what
    /// it goes by when it turns requests away.
    case load(Double)
    case wake
}
