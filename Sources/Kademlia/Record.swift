import Identity
import Primitives

/// A signed value that the overlay stores under a name.
///
/// A resource, `(kind, domain, name)`, is a dictionary: it holds one record for each ``key``. Storing nodes and
/// readers verify the same things with ``verify(at:cache:)``, so that a record means the same wherever it was
/// found. A record never changes; a change is another record with a higher ``sequence``.
package struct Record: Hashable, Sendable, CustomStringConvertible {
    /// What it is for.
    package var kind: RecordKind { fields.body.kind }
    /// The name space: the key of the domain, or ``anyDomain`` for a service of the whole overlay.
    package var domain: PublicSigningKey { fields.body.domain }
    /// The canonical name within the domain: a user, a service or a shard.
    package var name: String { fields.body.name }
    /// Which entry of the resource's dictionary this is.
    package var key: [UInt8] { fields.body.key }
    /// Grows with every change by the writer.
    package var sequence: Int64 { fields.body.sequence }
    /// When the record ends.
    package var notAfter: Instant { fields.body.notAfter }
    /// Whether this says that the entry has been deleted; the value is then empty.
    package var isTombstone: Bool { fields.body.isTombstone }
    /// The content, at most ``RecordLimits/valueBytes``.
    package var value: [UInt8] { fields.body.value }
    /// Who signed it.
    package var authority: Authority { fields.body.authority }
    /// Over all other fields (``signedBytes``).
    package var signature: Signature { fields.signature }
    /// Where it is stored: the hash of kind, domain and name. It is never sent, so it can't disagree with them.
    package var resource: ResourceID { fields.resource }
    /// The hash of the whole encoding: equal exactly for equal records.
    package var digest: Bits256 { fields.digest }
    /// The record as docs/protocol.md §4.3 lays it out.
    package var encoded: [UInt8] { fields.encoded }

    /// Records travel through queues and tables far more often than they are read: one reference moves cheaply.
    private let fields: Fields

    /// Stands for "no domain" in a service record that concerns the whole overlay. No private key belongs to it.
    package static let anyDomain = PublicSigningKey(bits: Bits256(words: SIMD4()))

    /// Makes and signs a record.
    ///
    /// - Parameter signer: the private half of `authority.signingKey`.
    /// - Parameter hasGenuineCertificate: whether the maker has just verified or issued the authority's certificate,
    ///   so that this record needs no verification here: its signature is right by construction.
    package init(
        kind: RecordKind, domain: PublicSigningKey, name: String, key: [UInt8] = [], sequence: Int64,
        notAfter: Instant, value: [UInt8], isTombstone: Bool = false, authority: Authority,
        signingWith signer: SigningKeyPair, hasGenuineCertificate: Bool = false
    ) {
        precondition(
            value.count <= RecordLimits.valueBytes && key.count <= RecordLimits.keyBytes
                && name.utf8.count <= RecordLimits.nameBytes, "a part of the record is too long")
        precondition(sequence >= 0 && (value.isEmpty || !isTombstone), "a tombstone has no value")
        let body = Body(
            kind: kind, domain: domain, name: name, key: key, sequence: sequence, notAfter: notAfter,
            isTombstone: isTombstone, value: value, authority: authority)
        var writer = ByteWriter(reserving: value.count + 512)
        body.write(to: &writer)
        fields = Fields(
            body, signature: signer.sign(Self.signatureContext + writer.bytes), unsigned: writer.bytes,
            isGenuine: hasGenuineCertificate && signer.publicKey == authority.signingKey)
    }

    init(_ body: Body, signature: Signature, unsigned: [UInt8]) {
        fields = Fields(body, signature: signature, unsigned: unsigned, isGenuine: false)
    }

    /// Whether the signatures are known to be right because they were made in this process.
    var wasSignedHere: Bool { fields.isGenuine }

    /// What the signature covers: a context that no other signature of Starling shares, then the encoding without
    /// the signature at its end.
    var signedBytes: [UInt8] { Self.signatureContext + encoded.dropLast(Signature.length) }

    private static let signatureContext = Array("starling record 1".utf8)

    /// What remains the same when a record is replaced.
    package var identity: Identity { Identity(kind: kind, resource: resource, key: key) }

    /// A tombstone for this record, for its writer to store: one sequence later, lasting as long, so that a replica
    /// that missed it can't bring the record back.
    package func tombstone(signingWith signer: SigningKeyPair) -> Record {
        Record(
            kind: kind, domain: domain, name: name, key: key, sequence: sequence + 1, notAfter: notAfter, value: [],
            isTombstone: true, authority: authority, signingWith: signer)
    }

    /// Whether this and `other` say the same, although one may last longer.
    package func hasSameContent(as other: Record) -> Bool {
        identity == other.identity && sequence == other.sequence && isTombstone == other.isTombstone
            && value == other.value
    }

    /// Whether this record takes the place of `other`, which has the same identity.
    ///
    /// The higher sequence does. Of two that a careless writer gave one sequence the tombstone does, else the greater
    /// value: arbitrary, but the same on all nodes, so that replicas agree again after a partition. Of two with the
    /// same content the one that lasts longer does: that is a refresh.
    package func supersedes(_ other: Record) -> Bool {
        if sequence != other.sequence { return sequence > other.sequence }
        if isTombstone != other.isTombstone { return isTombstone }
        if value != other.value { return other.value.lexicographicallyPrecedes(value) }
        return notAfter > other.notAfter
    }

    package static func == (a: Record, b: Record) -> Bool { a.fields.digest == b.fields.digest }

    package func hash(into hasher: inout Hasher) { hasher.combine(fields.digest) }

    package var description: String {
        "\(kind) of \(name), sequence \(sequence)\(isTombstone ? ", deleted" : ", \(value.count) bytes")"
    }
}

extension Record {
    /// The part of a record that is signed.
    struct Body: Sendable {
        var kind: RecordKind
        var domain: PublicSigningKey
        var name: String
        var key: [UInt8]
        var sequence: Int64
        var notAfter: Instant
        var isTombstone: Bool
        var value: [UInt8]
        var authority: Authority
    }

    private final class Fields: Sendable {
        let body: Body
        let signature: Signature
        let resource: ResourceID
        let digest: Bits256
        let encoded: [UInt8]
        /// Whether the signatures are known to be right because they were made here.
        let isGenuine: Bool

        init(_ body: Body, signature: Signature, unsigned: [UInt8], isGenuine: Bool) {
            self.body = body
            self.isGenuine = isGenuine
            self.signature = signature
            resource = ResourceID(kind: body.kind.rawValue, domain: body.domain, name: body.name)
            // Not by `+`, which leaves room for as much again: nodes hold many records for long.
            var writer = ByteWriter(reserving: unsigned.count + Signature.length)
            writer.append(unsigned)
            writer.append(signature.bytes)
            encoded = writer.bytes
            digest = Hash.blake2b256(encoded)
        }
    }
}
