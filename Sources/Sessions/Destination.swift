import Identity
import Primitives

/// Whom a message is for.
package enum Destination: Hashable, Sendable {
    /// A node whose key is known: nobody else can receive the message.
    case peer(Contact)
    /// A bootstrap address whose key is not known yet: whoever answers there receives the message.
    case endpoint(Endpoint)

    /// Where the caller believes the node to be.
    package var endpoint: Endpoint {
        switch self {
        case .peer(let peer): peer.endpoint
        case .endpoint(let endpoint): endpoint
        }
    }
}
