import Identity
import Primitives

/// Whom a message goes to.
package enum MessageDestination: Hashable, Sendable {
    /// A node whose key is known.
    case contact(Contact)
    /// Whoever answers at a bootstrap address.
    case endpoint(Endpoint)
}
