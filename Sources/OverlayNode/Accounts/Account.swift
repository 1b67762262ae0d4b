import Identity
import Primitives
import SIPStack

/// A user this node speaks for: their keys, the certificate of their domain, and what proves a phone to be theirs.
package struct Account: Sendable {
    package let addressOfRecord: AddressOfRecord
    package var identity: UserIdentity
    /// Genuine: issued here, verified when the account was taken over, or issued by a gateway of the domain that told of
    /// the account under the domain's own key. So what is signed under it here needs no verification here.
    package var certificate: UserCertificate
    package var credentials: Credentials
    /// Grows with every change, so that gateways agree on which is the newest.
    package var sequence: Int64

    package init(
        addressOfRecord: AddressOfRecord, identity: UserIdentity, certificate: UserCertificate,
        credentials: Credentials, sequence: Int64
    ) {
        self.addressOfRecord = addressOfRecord
        self.identity = identity
        self.certificate = certificate
        self.credentials = credentials
        self.sequence = sequence
    }

    /// The form in the journal and, encrypted, in account records and invitations. Secret.
    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        // Format 1 has no digests for the whole address.
        writer.uint8(credentials.full == nil ? 1 : 2)
        writer.string16(addressOfRecord.description)
        writer.bytes16(identity.encode())
        writer.bytes16(certificate.encode())
        for digests in [credentials.short, credentials.full].compactMap({ $0 }) {
            writer.bytes16(digests.sha256)
            writer.bytes16(digests.md5)
        }
        writer.int64(sequence)
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let format = try reader.uint8()
        guard format == 1 || format == 2 else { throw MalformedBytes("account of an unknown version") }
        guard let addressOfRecord = AddressOfRecord(try reader.string16()) else {
            throw MalformedBytes("account without an address-of-record")
        }
        self.addressOfRecord = addressOfRecord
        identity = try UserIdentity(decoding: try reader.bytes16())
        certificate = try UserCertificate(decoding: try reader.bytes16())
        let short = try Self.digests(from: &reader)
        credentials = Credentials(
            user: addressOfRecord.user, short: short,
            full: format == 2 ? try Self.digests(from: &reader) : nil)
        sequence = try reader.int64()
        try reader.end()
    }

    private static func digests(from reader: inout ByteReader) throws(MalformedBytes) -> Credentials.Digests {
        Credentials.Digests(sha256: try reader.bytes16(), md5: try reader.bytes16())
    }
}
