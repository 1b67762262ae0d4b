import Presence
import Primitives
import SIPMessages
import SIPStack

/// A request on its way to the presence agent. One that is no SUBSCRIBE, or no new one, is never held.
package struct HeldSubscribe: Sendable {
    package var id: ServerTransactionID
    package var request: SIPMessage
    package var flow: Flow
    /// Who proved to send it; nil when that is nobody with a name.
    package var sender: AddressOfRecord?
    /// When it is not held any longer.
    var deadline = Instant.distantFuture

    package init(_ id: ServerTransactionID, _ request: SIPMessage, on flow: Flow, from sender: AddressOfRecord?) {
        self.id = id
        self.request = request
        self.flow = flow
        self.sender = sender
    }

    /// The same, to be held until then.
    func until(_ deadline: Instant) -> HeldSubscribe {
        var held = self
        held.deadline = deadline
        return held
    }

    /// Whether the list is in the request itself (RFC 5367): it can be served even when no other list is known.
    var containsList: Bool { (try? EventList.isContained(in: request)) == true }
}
