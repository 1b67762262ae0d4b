/// Who may read or write a document.
package enum AccessRule: Hashable, Sendable {
    /// Even who has proved nothing.
    case everyone
    /// Every user of this server.
    case users
    /// The user whose home directory it is in, and nobody else.
    case owner
    /// Whoever the operator has named (RFC 4825 §5.7).
    case trusted
    case nobody
}
