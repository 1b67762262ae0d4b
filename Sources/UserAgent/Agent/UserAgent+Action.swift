import Primitives
import SIPMessages
import SIPStack

extension UserAgent {
    /// What a user agent wants done, and what a person would see of it, in this order.
    package enum Action: Sendable {
        case transport(TransportAction)

        /// The registration holds until then; refreshes that succeed are not told.
        case registered(until: Instant)
        /// It was refused or nobody answered. `retry` is when it is tried again; nil when only the user can help.
        case registrationFailed(status: Int, reason: String, retry: Instant?)
        case unregistered

        /// The publication was accepted as it is now; refreshes are not told.
        case published
        case unpublished
        /// It was refused or nobody answered. `retry` is when it is tried again; nil when only another one may do.
        case publicationFailed(status: Int, reason: String, retry: Instant?)

        /// A presentity's document arrived; `isOpen` is nil when no tuple says.
        case presenceOf(AddressOfRecord, document: [UInt8], isOpen: Bool?, note: String?)
        /// A subscription was accepted.
        case watching(AddressOfRecord)
        /// A subscription ended or was refused. `retry` is when it is begun anew; nil when it is over.
        case watchEnded(AddressOfRecord, reason: String, retry: Instant?)

        case messageReceived(from: NameAddress, text: String)
        case messageDelivered(UInt64)
        case messageFailed(UInt64, status: Int, reason: String)

        /// Somebody calls; they hear that it rings here.
        case incomingCall(CallNumber, from: NameAddress)
        /// It rings there.
        case ringing(CallNumber)
        /// The call is set up: at the caller when the answer came, at the callee when it was acknowledged. `media` is
        /// where the other side receives.
        case callAnswered(CallNumber, media: Endpoint?)
        case callEnded(CallNumber, CallEnd)
    }
}
