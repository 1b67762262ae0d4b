import Primitives
import SIPMessages
import SIPStack

extension MessageListService {
    /// What the service is told.
    package enum Event: Sendable {
        /// A MESSAGE that requires ``MessageListService/optionTag``, and who proved to send it.
        case request(ServerTransactionID, SIPMessage, sender: AddressOfRecord?)
        /// The answer to ``Action/ask(_:for:)``, as soon as there is one.
        case handling(of: AddressOfRecord, for: AddressOfRecord, SubscriptionHandling)
        /// What a user's rules say may be known now, or may have changed.
        case rulesChanged(AddressOfRecord)
        case wake
    }

    /// What the service wants done, in this order.
    package enum Action: Sendable {
        case respond(ServerTransactionID, SIPMessage)
        /// Asks what a recipient's rules say to a sender who would see their presence.
        case ask(AddressOfRecord, for: AddressOfRecord)
        /// A copy, to be sent by its Request-URI.
        case sendRequest(RequestToken, SIPMessage)
        /// A message was accepted, and so many copies of it were sent.
        case accepted(from: AddressOfRecord, copies: Int)
    }
}
