import Primitives
import SIPMessages

/// A request that the server has admitted and that is to be forwarded (RFC 3261 §16.6).
struct ProxyRequest: Sendable {
    var upstream: ResponseContext.Upstream
    /// Preprocessed and without the credentials that were for us.
    var request: SIPMessage
    /// The flow that it came over; nil when it is our own.
    var arrival: Flow?
    /// What loop detection recognises it by.
    var mark: String
    /// Where it can go, as far as is known.
    var targets: [Target]
    /// The user to look up for more; nil when the targets are all there are.
    var lookUp: AddressOfRecord?
    /// The answer when there is nowhere to go.
    var emptyStatus: Int
    /// The answer when the flows that lead to a device have failed: 430 for a proxy that chose them (RFC 5626 §11.6).
    var flowFailure = 480
    /// The only device that is meant (``Binding/instance``), for a GRUU that other nodes may know.
    var device: String?
    /// Whether it is a call for help (RFC 5031).
    var isEmergency = false
    /// For a message that may wait until its recipient is back: who that is, and who proved to have sent it.
    var mayWait: (recipient: AddressOfRecord, sender: AddressOfRecord)?
}
