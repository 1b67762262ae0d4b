import Primitives

/// A Binding request as far as an answer depends on it (RFC 8489 §5, §14).
struct STUNRequest: Hashable, Sendable {
    /// RFC 8489 §5: in each message, and unlike anything that SIP begins with.
    static let magicCookie: UInt32 = 0x2112_A442
    static let headerLength = 20
    static let transactionIDLength = 12
    /// Binding, class request (RFC 8489 §5, §18.2).
    private static let bindingRequest: UInt16 = 0x0001
    /// RFC 8489 §6.1: what fits any path over IPv6. Keep-alives are far smaller.
    private static let maximumLength = 1_280
    /// More than a legitimate request has of them.
    private static let maximumUnknown = 16

    /// The attributes that a server must understand (RFC 8489 §14: 0x0000 to 0x7FFF) and that say nothing to one that
    /// asks for no credentials (§9.1, §9.2): USERNAME, both of MESSAGE-INTEGRITY, REALM, NONCE, PASSWORD-ALGORITHM and
    /// USERHASH.
    private static let understood: Set<UInt16> = [
        0x0006, STUNAttribute.messageIntegrity, 0x0014, 0x0015, STUNAttribute.messageIntegritySHA256, 0x001D, 0x001E,
    ]

    let transactionID: [UInt8]
    /// Attributes that would have to be understood and are not, as they come.
    private(set) var unknown: [UInt16] = []
    private(set) var hasFingerprint = false

    /// Whether a datagram is a STUN message, where SIP is spoken too (RFC 8489 §6.3, RFC 5626 §8): two zero bits and the
    /// magic cookie.
    static func isSTUN(_ datagram: [UInt8]) -> Bool {
        guard let first = datagram.first, first < 0x40, datagram.count >= headerLength else { return false }
        return datagram[4] == 0x21 && datagram[5] == 0x12 && datagram[6] == 0xA4 && datagram[7] == 0x42
    }

    /// - Returns: nil for what is dropped in silence (RFC 8489 §6.3): malformed messages, wrong fingerprints, and all that
    ///   is no Binding request.
    init?(_ datagram: [UInt8]) {
        guard Self.isSTUN(datagram), datagram.count <= Self.maximumLength else { return nil }
        var reader = ByteReader(datagram)
        guard (try? reader.uint16()) == Self.bindingRequest, let length = try? reader.uint16(),
            Int(length) == datagram.count - Self.headerLength, length % 4 == 0, (try? reader.uint32()) != nil,
            let transactionID = try? reader.take(Self.transactionIDLength)
        else { return nil }
        self.transactionID = Array(transactionID)
        var isProtected = false
        while reader.remaining > 0 {
            let start = datagram.count - reader.remaining
            guard let type = try? reader.uint16(), let size = try? reader.uint16(),
                let value = try? reader.take(Int(size)), (try? reader.take((4 - Int(size) % 4) % 4)) != nil
            else { return nil }
            if type == STUNAttribute.fingerprint {
                // RFC 8489 §14.7: the last one, over all that is before it.
                guard reader.remaining == 0, Array(value) == STUNAttribute.fingerprintValue(of: datagram[..<start])
                else { return nil }
                hasFingerprint = true
            }
            // RFC 8489 §14.5, §14.6: what follows the message's integrity is ignored.
            if isProtected { continue }
            isProtected = type == STUNAttribute.messageIntegrity || type == STUNAttribute.messageIntegritySHA256
            if type < 0x8000, !Self.understood.contains(type), unknown.count < Self.maximumUnknown {
                unknown.append(type)
            }
        }
    }
}
