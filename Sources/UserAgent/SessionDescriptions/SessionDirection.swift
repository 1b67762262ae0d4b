/// Which way the media of a stream flow, seen from whoever wrote the description (RFC 4566 §6, RFC 3264 §5.1).
package enum SessionDirection: String, Hashable, Sendable {
    case sendReceive = "sendrecv"
    case sendOnly = "sendonly"
    case receiveOnly = "recvonly"
    case inactive

    /// RFC 3264 §6.1: what an answer says to an offer of this direction when it takes all that is offered.
    var answer: SessionDirection {
        switch self {
        case .sendReceive: .sendReceive
        case .sendOnly: .receiveOnly
        case .receiveOnly: .sendOnly
        case .inactive: .inactive
        }
    }
}
