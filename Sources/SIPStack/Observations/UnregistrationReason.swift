/// Why a binding ended.
package enum UnregistrationReason: String, Hashable, Sendable {
    /// Its user agent removed it, or its user is no user any more.
    case removed
    /// Its time ran out.
    case expired
    /// A newer binding of the same device took its place.
    case replaced
    /// The connection that an outbound registration (RFC 5626) lived on was closed.
    case flowFailed
}
