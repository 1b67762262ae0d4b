import Identity
import Primitives

/// What a registration record says: at which node a user can be reached, and which of their devices are there.
///
/// The value is encrypted for nobody: who calls needs to know where, and the record is signed by the user.
package struct RegistrationValue: Hashable, Sendable {
    /// One contact binding as far as others need it; the contact address itself stays with the registrar.
    package struct Contact: Hashable, Sendable {
        package var uri: String
        package var expires: Instant
        /// The preference in thousandths (RFC 3261 §20.10).
        package var q: UInt16
        /// The `+sip.instance` of the device (RFC 5626 §4.1), empty when it named none.
        package var instance: String

        package init(uri: String, expires: Instant, q: UInt16, instance: String) {
            self.uri = uri.utf8.count <= maximumTextBytes ? uri : ""
            self.expires = expires
            self.q = q
            self.instance = instance.utf8.count <= maximumTextBytes ? instance : ""
        }
    }

    /// More devices than this under one user at one node are not told to the overlay.
    package static let maximumContacts = 16
    /// A longer URI or instance is left out, so that all contacts together fit into a record whatever phones send.
    package static let maximumTextBytes = 400

    /// The node that takes requests for the user.
    package var node: PublicSigningKey
    package var endpoint: Endpoint
    package var contacts: [Contact]

    package init(node: PublicSigningKey, endpoint: Endpoint, contacts: [Contact]) {
        self.node = node
        self.endpoint = endpoint
        self.contacts = Array(contacts.prefix(Self.maximumContacts))
    }

    /// Whether the node serves the user at that time: a device is there, or, where none is named, state that one published.
    package func isInForce(at now: Instant) -> Bool {
        contacts.isEmpty || contacts.contains { $0.expires > now }
    }

    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: 64 + contacts.count * 96)
        writer.uint8(1)
        writer.append(node.bytes)
        endpoint.write(to: &writer)
        writer.uint8(UInt8(contacts.count))
        for contact in contacts {
            writer.string16(contact.uri)
            writer.instant(contact.expires)
            writer.uint16(contact.q)
            writer.string16(contact.instance)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("registration of an unknown version") }
        node = try reader.signingKey()
        endpoint = try Endpoint(from: &reader)
        let count = Int(try reader.uint8())
        guard count <= Self.maximumContacts else { throw MalformedBytes("registration with \(count) contacts") }
        contacts = []
        for _ in 0..<count {
            contacts.append(
                Contact(
                    uri: try reader.string16(), expires: try reader.instant(), q: try reader.uint16(),
                    instance: try reader.string16()))
        }
        try reader.end()
    }
}
