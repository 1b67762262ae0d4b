import Kademlia
import Primitives

/// Who asked for a lookup in the overlay.
enum LookupPurpose: Sendable {
    /// ``RegistrationUsage``, under this number.
    case registration(UInt64)
    /// ``DocumentUsage``, under this number.
    case documents(UInt64)
    /// ``MailboxUsage``, under this number.
    case mailbox(UInt64)
    /// SIP that waits to be sent to this node.
    case node(NodeID)
    /// SIP to this node, which does not answer: those next to it are to tell it to call.
    case introduction(NodeID)
    /// A person, for this kind of record.
    case command(CommandID, RecordKind)
}
