import Primitives

/// Who asks, as rules see it (RFC 4745 §7.1.1, RFC 5025 §3.1.1).
package enum WatcherIdentity: Hashable, Sendable {
    /// Who proved to be this user, or whom somebody trusted vouches for.
    case authenticated(AddressOfRecord)
    /// Who claims to be this user. No condition on an identity ever matches a claim.
    case unauthenticated(AddressOfRecord)
    /// Who gives no name.
    case anonymous
}

extension WatcherIdentity {
    /// RFC 3323 §4.1.1.3: the host in a From header field that hides who sends it.
    private static let anonymousHost = "anonymous.invalid"

    /// - Parameter claimed: whom From names.
    init(authenticated: AddressOfRecord?, claimed: AddressOfRecord?) {
        if let authenticated {
            self = .authenticated(authenticated)
        } else if let claimed, claimed.host != Self.anonymousHost {
            self = .unauthenticated(claimed)
        } else {
            self = .anonymous
        }
    }

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .anonymous: writer.uint8(0)
        case .unauthenticated(let user):
            writer.uint8(1)
            writer.string16(user.description)
        case .authenticated(let user):
            writer.uint8(2)
            writer.string16(user.description)
        }
    }

    init(decoding reader: inout ByteReader) throws(MalformedBytes) {
        let kind = try reader.uint8()
        guard kind != 0 else {
            self = .anonymous
            return
        }
        guard kind <= 2, let user = AddressOfRecord(try reader.string16()) else {
            throw MalformedBytes("a watcher of an unknown kind")
        }
        self = kind == 2 ? .authenticated(user) : .unauthenticated(user)
    }
}
