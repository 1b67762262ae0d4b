import Primitives

/// What the two sides of an invitation say to each other inside their encrypted session.
package enum EnrolmentMessage: Hashable, Sendable {
    /// "I was given this secret."
    case accept(secret: [UInt8])
    /// The domain's whole identity, for a new gateway: an encoded ``Membership``.
    case domainGranted(membership: [UInt8])
    /// One user's account, with the membership that goes with it.
    case userGranted(membership: [UInt8], account: [UInt8])
    case refused(reason: String)

    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .accept(let secret):
            writer.uint8(1)
            writer.bytes16(secret)
        case .domainGranted(let membership):
            writer.uint8(2)
            writer.bytes16(membership)
        case .userGranted(let membership, let account):
            writer.uint8(3)
            writer.bytes16(membership)
            writer.bytes16(account)
        case .refused(let reason):
            writer.uint8(4)
            writer.string16(reason)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        switch try reader.uint8() {
        case 1: self = .accept(secret: try reader.bytes16())
        case 2: self = .domainGranted(membership: try reader.bytes16())
        case 3: self = .userGranted(membership: try reader.bytes16(), account: try reader.bytes16())
        case 4: self = .refused(reason: try reader.string16())
        case let other: throw MalformedBytes("enrolment message of unknown type \(other)")
        }
        try reader.end()
    }
}
