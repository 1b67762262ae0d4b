import Primitives
import SIPMessages
import SIPStack

/// A MESSAGE that reached nobody, and is still to be answered.
package struct AbsentMessage: Sendable {
    package let id: ServerTransactionID
    package let request: SIPMessage
    package let recipient: AddressOfRecord
    /// Who proved to have sent it.
    package let sender: AddressOfRecord
    /// The answer when it can't be kept.
    package let status: Int

    package init(
        id: ServerTransactionID, request: SIPMessage, recipient: AddressOfRecord, sender: AddressOfRecord, status: Int
    ) {
        self.id = id
        self.request = request
        self.recipient = recipient
        self.sender = sender
        self.status = status
    }
}
