import Identity
import Primitives

/// What an invitation that this node has given out is good for, and until when.
package struct InvitationGrant: Hashable, Sendable {
    package enum Subject: Hashable, Sendable, CustomStringConvertible {
        /// To become a gateway of the domain.
        case domain(String)
        /// To speak for a user.
        case user(AddressOfRecord)

        package var description: String {
            switch self {
            case .domain(let name): "the domain \(name)"
            case .user(let addressOfRecord): "the account of \(addressOfRecord)"
            }
        }
    }

    package var subject: Subject
    package var expires: Instant
    /// The node that used it. Until it expires the same node may ask again, in case the answer was lost.
    package var usedBy: PublicSigningKey?

    package init(subject: Subject, expires: Instant) {
        self.subject = subject
        self.expires = expires
    }

    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.uint8(1)
        switch subject {
        case .domain(let name):
            writer.uint8(1)
            writer.string16(name)
        case .user(let addressOfRecord):
            writer.uint8(2)
            writer.string16(addressOfRecord.description)
        }
        writer.instant(expires)
        writer.uint8(usedBy == nil ? 0 : 1)
        if let usedBy { writer.append(usedBy.bytes) }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("invitation of an unknown version") }
        switch try reader.uint8() {
        case 1: subject = .domain(try reader.string16())
        case 2:
            guard let addressOfRecord = AddressOfRecord(try reader.string16()) else {
                throw MalformedBytes("invitation without an address-of-record")
            }
            subject = .user(addressOfRecord)
        case let other: throw MalformedBytes("invitation to an unknown thing \(other)")
        }
        expires = try reader.instant()
        usedBy = try reader.uint8() == 1 ? try reader.signingKey() : nil
        try reader.end()
    }
}
