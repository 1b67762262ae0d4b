import Identity
import SIPStack

/// Who has to know when a message could not be delivered to a node.
enum SendPurpose: Sendable {
    /// The bytes are shared with the session's queue.
    case sip([UInt8], Flow)
    case enrolment(PublicSigningKey)
}
