/// The types of DNS records by which SIP finds servers; the raw value is the number on the wire.
package enum DNSRecordType: UInt16, Hashable, Sendable {
    /// RFC 1035 §3.2.2, RFC 3596 §2.1.
    case a = 1
    case aaaa = 28
    /// RFC 2782.
    case srv = 33
    /// RFC 3403 §4.
    case naptr = 35
}
