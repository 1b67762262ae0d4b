import Primitives
import SIPMessages

/// What a ``SIPServer`` asks for. The order matters: what is persisted comes before the response that vouches for it.
package enum SIPServerAction: Sendable {
    case transport(TransportAction)
    /// Asks where else a user can be reached; answered by ``SIPServerEvent/resolved(_:_:)``, in time or not.
    case lookUp(LookUpToken, AddressOfRecord)
    /// Asks the DNS; answered by ``SIPServerEvent/answered(_:_:)``, in time or not.
    case query(DNSQuestion)
    /// A request for a user of this server (SUBSCRIBE, PUBLISH, NOTIFY to this node itself), to be answered by
    /// ``SIPServerEvent/respond(_:_:)``.
    ///
    /// - authenticated: who sent it. From outside that user has proved the password; from a trusted source or a node of
    ///   the overlay it is the From that they vouch for; nil when From names nobody.
    case request(ServerTransactionID, SIPMessage, Flow, authenticated: AddressOfRecord?)
    /// A response to a request of this server's user: provisional ones, then one final one.
    case response(RequestToken, SIPMessage)
    /// There will be no final response: 408 for none in time, 503 for not delivered, 404 and 480 for nowhere to go.
    case requestFailed(RequestToken, status: Int)
    /// All bindings that a user has at this node, after a change or a mere refresh.
    case bindingsChanged(AddressOfRecord, [Binding])
    /// A message about a call that is forwarded. It comes before the call's next one, not before it is sent.
    case passed(PassingMessage)
    /// A MESSAGE from a user who proved who they are, for a user whom no device answers for; to be answered by
    /// ``SIPServerEvent/respond(_:_:)``, with the status if nothing better is to be done with it.
    case absent(
        ServerTransactionID, SIPMessage, recipient: AddressOfRecord, sender: AddressOfRecord, status: Int)
    case persistBinding(key: [UInt8], [UInt8])
    case forgetBinding(key: [UInt8])
    case observe(SIPObservation)
}
