import Primitives

/// Whom a message goes to.
package enum MessageDestination: Hashable, Sendable {
    /// A node that is known.
    case contact(ContactHandle)
    /// Whatever node answers there: a bootstrap address.
    case endpoint(Endpoint)
}
