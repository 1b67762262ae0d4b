/// What the overlay knows of a user, and what it took to find out.
package struct LookupReport: Codable, Hashable, Sendable {
    /// One node at which the user is registered.
    package struct Registration: Codable, Hashable, Sendable {
        package var node: String
        package var endpoint: String
        package var contacts: [String]
        package var expires: UInt64
    }

    package struct Certificate: Codable, Hashable, Sendable {
        package var serial: UInt64
        package var notAfter: UInt64
        /// The user's signing key in base32.
        package var signingKey: String
        /// The key of the domain that signed it, in base32.
        package var domainKey: String
    }

    /// How one lookup went.
    package struct Step: Codable, Hashable, Sendable {
        /// The kind of record that was looked for.
        package var kind: String
        package var found: Int
        package var hops: Int
        package var messages: Int
        package var milliseconds: Double
        /// The ID that was looked for, and the questions in the order in which they were asked; nil when it was not
        /// traced.
        package var target: String?
        package var trace: [LookupStepReport]?
    }

    package var addressOfRecord: String
    package var certificate: Certificate?
    package var registrations: [Registration] = []
    package var presence: PresenceReport?
    package var steps: [Step] = []
}
