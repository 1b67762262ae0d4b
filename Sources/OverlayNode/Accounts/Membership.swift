import Identity
import Primitives

/// A domain this node belongs to, and the keys of it that it holds.
///
/// A gateway holds the domain's whole identity. A node that was only given a user's account holds what it takes to
/// verify the domain's records and to read its members' presence.
package struct Membership: Sendable {
    package let name: String
    /// The key that signs the domain's certificates: its namespace in the overlay.
    package let key: PublicSigningKey
    /// Shared by all nodes of the domain, unknown to the nodes that merely store its records.
    package let memberKey: SymmetricKey
    /// The whole identity, on gateways.
    package let identity: DomainIdentity?

    package init(identity: DomainIdentity) {
        name = identity.name
        key = identity.publicKey
        memberKey = identity.memberKey
        self.identity = identity
    }

    package init(name: String, key: PublicSigningKey, memberKey: SymmetricKey) {
        self.name = name
        self.key = key
        self.memberKey = memberKey
        identity = nil
    }

    /// The same without the domain's signing key, for a node that is given one user's account.
    package var withoutIdentity: Membership { Membership(name: name, key: key, memberKey: memberKey) }

    /// The key that encrypts the domain's accounts for its gateways alone; nil on other nodes.
    package var accountKey: SymmetricKey? {
        identity.map { SymmetricKey($0.signing.seed).derived(context: "starling accounts") }
    }

    /// The journal's form of it. Secret.
    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.uint8(1)
        if let identity {
            writer.uint8(1)
            writer.bytes16(identity.encode())
        } else {
            writer.uint8(0)
            writer.string16(name)
            writer.append(key.bytes)
            writer.append(memberKey.bytes)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("domain of an unknown version") }
        if try reader.uint8() == 1 {
            let identity = try DomainIdentity(decoding: try reader.bytes16())
            try reader.end()
            self.init(identity: identity)
        } else {
            let name = try reader.string16()
            let key = try reader.signingKey()
            let memberKey = SymmetricKey(Array(try reader.take(SymmetricKey.length)))
            try reader.end()
            self.init(name: name, key: key, memberKey: memberKey)
        }
    }
}
