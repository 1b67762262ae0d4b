import Primitives
import SIPMessages

/// Where a request goes next.
package enum NextHop: Hashable, Sendable {
    /// The very path that a registration came over (RFC 5626 §5.3), or a connection.
    case flow(Flow)
    /// A socket address; what RFC 3263 yields for a numeric host.
    case address(SIPTransport, Endpoint)
    /// A node of the overlay.
    case node(NodeID)
}
