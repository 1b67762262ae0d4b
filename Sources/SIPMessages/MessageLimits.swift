/// How large a message may be; each bound keeps a peer from making us spend memory or time without end.
package enum MessageLimits {
    /// Start line and header fields together, in bytes. A whole UDP datagram holds no more.
    package static let head = 65_536
    /// Head and body together, in bytes: a full-state list notification of a few hundred presentities.
    package static let total = 524_288
    /// The start line, or one header field with its folded lines, in bytes.
    package static let line = 16_384
    /// Header fields in a message: 70 hops with a Via and a Record-Route each, and room for the rest.
    package static let headerFields = 256
    /// Values that one header field name may have in a message, over all its fields.
    package static let listValues = 512
    /// Parameters of one value or URI.
    package static let parameters = 64
}
