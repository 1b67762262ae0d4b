/// A domain this node belongs to.
package struct DomainReport: Codable, Hashable, Sendable {
    package var name: String
    /// The domain's public key in base32, by which other nodes pin it.
    package var key: String
    /// Whether this node holds the domain's signing key: it may add users and invite gateways.
    package var isGateway: Bool
    /// How many of the domain's users this node knows.
    package var users: Int
}
