/// What a person or a script asks of a node.
///
/// Commands about domains and users work on a node that was never started (no `.start` event) as well;
/// ``needsOverlay`` tells which others do not.
package enum Command: Codable, Hashable, Sendable {
    case status
    /// Certificate, registrations and presence of a user, and how the lookups went; if traced, step by step. Programs may
    /// leave `isTraced` out.
    case lookUp(addressOfRecord: String, isTraced: Bool? = nil)
    /// The user's presence now and at every change, until ``CommandID`` is cancelled.
    case watch(addressOfRecord: String)

    /// All that this node knows of a user's presence, and who sees what of it and why.
    case presenceShow(addressOfRecord: String)
    /// Subscriptions at this node: all, or those to and of one user.
    case subscriptionList(addressOfRecord: String?)
    /// Ends a subscription by its number; a watcher that is rejected is to stay away, any other comes back at once.
    case subscriptionEnd(number: UInt64, isRejected: Bool)

    case domainCreate(name: String)
    case domainList
    /// A single-use secret by which another node becomes a gateway of the domain.
    case domainInvite(name: String, validForSeconds: Int)
    /// Accepts an invitation to a domain or to a user's account.
    case accept(invitation: String)

    /// A password of the node's own making is used where none is given, and told in the reply.
    case userAdd(addressOfRecord: String, password: String?)
    case userList
    case userRemove(addressOfRecord: String)
    case userPassword(addressOfRecord: String, password: String?)
    /// A single-use secret by which another node becomes able to speak for the user.
    case userInvite(addressOfRecord: String, validForSeconds: Int)

    /// Whether the command has to reach other nodes.
    package var needsOverlay: Bool {
        switch self {
        case .lookUp, .watch, .accept: true
        default: false
        }
    }
}
