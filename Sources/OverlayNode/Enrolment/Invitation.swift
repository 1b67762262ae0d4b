import Identity
import Primitives

/// The secret that one operator hands to another: where to go, whom to expect there, and what to say.
package struct Invitation: Hashable, Sendable {
    package static let secretBytes = 24

    /// The overlay's name.
    package var network: String
    /// The inviting node.
    package var node: PublicSigningKey
    package var endpoint: Endpoint
    package var secret: [UInt8]

    private static let prefix = "starling-invitation-"

    /// The invitation as text to copy and paste.
    package var text: String {
        var writer = ByteWriter()
        writer.uint8(1)
        writer.string16(network)
        writer.append(node.bytes)
        endpoint.write(to: &writer)
        writer.append(secret)
        return Self.prefix + Base32.encode(writer.bytes)
    }

    package init(network: String, node: PublicSigningKey, endpoint: Endpoint, secret: [UInt8]) {
        precondition(secret.count == Self.secretBytes, "an invitation's secret has a fixed size")
        self.network = network
        self.node = node
        self.endpoint = endpoint
        self.secret = secret
    }

    /// - Throws: when the text is not a whole invitation; a character lost while copying is the usual cause.
    package init(text: String) throws(MalformedBytes) {
        guard text.hasPrefix(Self.prefix), let bytes = Base32.decode(text.dropFirst(Self.prefix.count)) else {
            throw MalformedBytes("not an invitation: it begins with \(Self.prefix) and is one unbroken word")
        }
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("an invitation of an unknown version") }
        let network = try reader.string16()
        let node = try reader.signingKey()
        let endpoint = try Endpoint(from: &reader)
        let secret = Array(try reader.take(Self.secretBytes))
        try reader.end()
        self.init(network: network, node: node, endpoint: endpoint, secret: secret)
    }

    /// What the inviting node keeps instead of the secret.
    package var id: [UInt8] { Hash.blake2b256(secret).bytes }
}
