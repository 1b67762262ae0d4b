/// Why a filter is not accepted (RFC 4660 §5.4): the SUBSCRIBE that carries it is refused with 488, and the text can go
/// into a Warning header field.
package struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }

    /// RFC 4660 §5.4: the filter is understood as such, and not accepted.
    package static let status = 488
    /// RFC 4661 §3.1.
    package static let contentType = "application/simple-filter+xml"
}
