/// Which signer may write a record (RFC 6940 §7.3). Storing nodes and readers apply the same rule.
package enum AccessRule: Hashable, Sendable {
    /// The domain in whose name space the record lies.
    case domainMatch
    /// The user whose name the record bears, with a certificate from its domain (USER-MATCH).
    case userMatch
    /// The same user; the key is a node ID, which the user's signature authorises (USER-NODE-MATCH).
    case userNodeMatch
    /// The node whose ID is the record's key (NODE-MATCH).
    case nodeMatch
    /// Any certified user, under keys that begin with their own signing key; the owner of the name may delete.
    case anyUser
}
