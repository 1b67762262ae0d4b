import Primitives

/// The content of one DNS record; names are in lower case and without the dot at the end.
package enum DNSRecord: Hashable, Sendable {
    /// A or AAAA.
    case address(IPAddress)
    /// RFC 2782: where a service is; an empty target says that there is none.
    case service(priority: UInt16, weight: UInt16, port: UInt16, target: String)
    /// RFC 3403 §4.1; records with a regular expression are left out, since SIP has none (RFC 3263 §4.1).
    case namingAuthority(order: UInt16, preference: UInt16, flags: String, service: String, replacement: String)
}
