/// A user this node speaks for.
package struct UserReport: Codable, Hashable, Sendable {
    package var addressOfRecord: String
    /// The serial number of the user's certificate.
    package var serial: UInt64
    /// When the certificate ends.
    package var notAfter: UInt64
}
