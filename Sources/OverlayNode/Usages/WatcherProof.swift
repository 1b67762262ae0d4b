import Identity
import Primitives
import SIPMessages

/// A watcher's word, in a SUBSCRIBE between nodes, that this node watches for them (docs/protocol.md §6).
///
/// A session proves a node and no user. Without this any node could have itself told what somebody else may see, and could
/// show a presentity watchers who never asked.
package struct WatcherProof: Sendable {
    package static let header: HeaderName = "Starling-Watcher"
    /// How long a word counts: a SUBSCRIBE is under way for seconds.
    package static let lifetime = Interval.minutes(10)
    /// How far two clocks may be apart.
    package static let clockGrace = Interval.minutes(5)
    private static let version: UInt8 = 1
    private static let purpose = Array("starling watcher 1".utf8)

    package let certificate: UserCertificate
    private let expires: Instant
    private let signature: Signature

    /// - Parameters:
    ///   - node: where the watcher is.
    ///   - publisher: the node that is asked.
    package init(
        of account: Account, watching presentity: AddressOfRecord, from node: NodeID, to publisher: NodeID,
        at now: Instant
    ) {
        certificate = account.certificate
        expires = now + Self.lifetime
        signature = account.identity.signing.sign(Self.statement(presentity, node, publisher, expires))
    }

    /// What the header field says.
    package var text: String {
        var writer = ByteWriter()
        writer.uint8(Self.version)
        writer.bytes16(certificate.encode())
        writer.instant(expires)
        writer.append(signature.bytes)
        return Base32.encode(writer.bytes)
    }

    package init(text: String) throws(MalformedBytes) {
        guard let bytes = Base32.decode(text) else { throw MalformedBytes("not base32") }
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("a proof of another version") }
        certificate = try UserCertificate(decoding: try reader.bytes16())
        expires = try reader.instant()
        signature = Signature(try reader.take(Signature.length))!
        try reader.end()
    }

    /// Whether it is the word of that user, whose domain has that key, about just this subscription.
    package func isValid(
        for watcher: AddressOfRecord, domain: PublicSigningKey, watching presentity: AddressOfRecord, from node: NodeID,
        to publisher: NodeID, at now: Instant
    ) -> Bool {
        certificate.aor == watcher && certificate.domainKey == domain && now <= expires + Self.clockGrace
            && expires <= now + Self.lifetime + Self.clockGrace && (try? certificate.verify(at: now)) != nil
            && certificate.signingKey.verify(signature, of: Self.statement(presentity, node, publisher, expires))
    }

    private static func statement(
        _ presentity: AddressOfRecord, _ node: NodeID, _ publisher: NodeID, _ expires: Instant
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(purpose)
        writer.string16(presentity.description)
        writer.append(node.bits.bytes)
        writer.append(publisher.bits.bytes)
        writer.instant(expires)
        return writer.bytes
    }
}
