import SIPMessages

/// Why a request can't be forwarded to a target.
enum Obstacle: Error, Hashable, Sendable {
    /// Nothing here knows the way.
    case noWay
    /// A request to a SIPS URI, and the way there is not encrypted throughout.
    case sipsNotAllowed
    /// A user agent that wants TLS on the last hop, and has no connection of that kind.
    case sipsRequired

    /// What the client is told by a 480 (RFC 5630 §5.3): the code and text of its Warning.
    var warning: (code: Int, text: String)? {
        switch self {
        case .noWay: nil
        case .sipsNotAllowed: (380, "SIPS Not Allowed")
        case .sipsRequired: (381, "SIPS Required")
        }
    }
}
