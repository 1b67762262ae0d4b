import SIPMessages
import SIPStack

/// A request that waits for its final response.
struct OutstandingRequest: Sendable {
    /// Whose it is.
    enum Purpose: Hashable, Sendable {
        case register
        /// Of the publisher, under its token.
        case publication(RequestToken)
        /// Of the subscriber, under its token.
        case subscription(RequestToken)
        /// A MESSAGE, under its sender's number.
        case message(UInt64)
        case invite(CallNumber)
        case bye(CallNumber)
        /// A BYE to a second answer of a forked INVITE, about which nobody is told.
        case surplusBye

        /// Whether a challenged request is sent again here; the presence cores repeat theirs themselves.
        var isRepeatedHere: Bool {
            switch self {
            case .publication, .subscription: false
            case .register, .message, .invite, .bye, .surplusBye: true
            }
        }
    }

    let purpose: Purpose
    /// Without credentials, unless whoever made it put them there.
    let request: SIPMessage
    /// As it was sent, without Via.
    let sent: SIPMessage
    let hop: NextHop
    /// How many challenges to this request were answered before it was sent this time.
    let challenges: Int

    /// Whether it carries credentials of this kind that nobody had asked for in answer to this request.
    func hasUnasked(_ header: HeaderName) -> Bool {
        challenges == 0 && sent.contains(header) && !request.contains(header)
    }
}
