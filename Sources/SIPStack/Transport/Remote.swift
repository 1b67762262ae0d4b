import Primitives

/// Who is at the other end of a flow.
package enum Remote: Hashable, Sendable, CustomStringConvertible {
    /// A socket address: a phone, or a proxy outside the overlay.
    case endpoint(Endpoint)
    /// A node, reached through an authenticated session of the overlay.
    case node(NodeID)

    /// The address, for a remote that has one.
    package var address: IPAddress? {
        switch self {
        case .endpoint(let endpoint): endpoint.address
        case .node: nil
        }
    }

    package var description: String {
        switch self {
        case .endpoint(let endpoint): endpoint.description
        case .node(let node): node.description
        }
    }
}
