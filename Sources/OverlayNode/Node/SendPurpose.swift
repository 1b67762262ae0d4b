import Identity
import SIPStack

/// Who has to know when a message could not be delivered to a node.
enum SendPurpose: Sendable {
    case sip(Flow)
    case enrolment(PublicSigningKey)
}
