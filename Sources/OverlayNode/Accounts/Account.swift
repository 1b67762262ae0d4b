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
        writer.uint8(1)
        writer.string16(addressOfRecord.description)
        writer.bytes16(identity.encode())
        writer.bytes16(certificate.encode())
        writer.bytes16(credentials.ha1SHA256)
        writer.bytes16(credentials.ha1MD5)
        writer.int64(sequence)
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("account of an unknown version") }
        guard let addressOfRecord = AddressOfRecord(try reader.string16()) else {
            throw MalformedBytes("account without an address-of-record")
        }
        self.addressOfRecord = addressOfRecord
        identity = try UserIdentity(decoding: try reader.bytes16())
        certificate = try UserCertificate(decoding: try reader.bytes16())
        credentials = Credentials(
            user: addressOfRecord.user, ha1SHA256: try reader.bytes16(), ha1MD5: try reader.bytes16())
        sequence = try reader.int64()
        try reader.end()
    }
}
