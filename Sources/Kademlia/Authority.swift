import Identity
import Primitives

/// Who signed a record, with what a verifier needs to see their right to do so.
package enum Authority: Hashable, Sendable {
    /// The domain itself.
    case domain(PublicSigningKey)
    /// A user, by the certificate that the user's domain issued.
    case user(UserCertificate)
    /// A node.
    case node(PublicSigningKey)

    /// The key that verifies the record's signature.
    package var signingKey: PublicSigningKey {
        switch self {
        case .domain(let key), .node(let key): key
        case .user(let certificate): certificate.signingKey
        }
    }

    /// One byte for the case (1 domain, 2 user, 3 node), then the key or the certificate with its length.
    func write(to writer: inout ByteWriter) {
        switch self {
        case .domain(let key):
            writer.uint8(1)
            writer.append(key.bytes)
        case .user(let certificate):
            writer.uint8(2)
            writer.bytes16(certificate.encode())
        case .node(let key):
            writer.uint8(3)
            writer.append(key.bytes)
        }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.uint8() {
        case 1: self = .domain(PublicSigningKey(try reader.take(32))!)
        case 2:
            let bytes = try reader.bytes16()
            guard bytes.count <= UserCertificate.maximumLength else { throw MalformedBytes("certificate too long") }
            self = .user(try UserCertificate(decoding: bytes))
        case 3: self = .node(PublicSigningKey(try reader.take(32))!)
        default: throw MalformedBytes("unknown kind of authority")
        }
    }
}
