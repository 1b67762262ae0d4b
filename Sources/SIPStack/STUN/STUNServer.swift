import Primitives

/// The STUN server on the UDP ports of SIP (RFC 5626 §8): tells whoever asks under which address it was seen, and by that
/// keeps the bindings of NATs open.
///
/// It keeps nothing and asks for no credentials (RFC 8489 §13, RFC 5626 §8). The source of a request may be forged, so the
/// answer is as short as it can be: it names no software and gives no reasons.
package enum STUNServer {
    private static let success: UInt16 = 0x0101
    private static let failure: UInt16 = 0x0111

    /// Whether a datagram is for STUN and not for SIP.
    package static func takes(_ datagram: [UInt8]) -> Bool { STUNRequest.isSTUN(datagram) }

    /// - Returns: nil for what is not answered (RFC 8489 §6.3).
    package static func answer(_ datagram: [UInt8], from source: Endpoint) -> [UInt8]? {
        guard let request = STUNRequest(datagram) else { return nil }
        var attributes = ByteWriter(reserving: 32)
        if request.unknown.isEmpty {
            write(
                STUNAttribute.xorMappedAddress,
                STUNAttribute.xorMappedAddress(source, transactionID: request.transactionID), to: &attributes)
        } else {
            // RFC 8489 §6.3.1: 420 with the attributes that were not understood; §14.8: class and number apart.
            write(STUNAttribute.errorCode, [0, 0, 4, 20], to: &attributes)
            var list = ByteWriter(reserving: 2 * request.unknown.count)
            for type in request.unknown { list.uint16(type) }
            write(STUNAttribute.unknownAttributes, list.bytes, to: &attributes)
        }
        // RFC 8489 §14.7: a usage that has it in requests has it in responses.
        let length = attributes.bytes.count + (request.hasFingerprint ? 8 : 0)
        var message = ByteWriter(reserving: STUNRequest.headerLength + length)
        message.uint16(request.unknown.isEmpty ? success : failure)
        message.uint16(UInt16(length))
        message.uint32(STUNRequest.magicCookie)
        message.append(request.transactionID)
        message.append(attributes.bytes)
        if request.hasFingerprint {
            write(STUNAttribute.fingerprint, STUNAttribute.fingerprintValue(of: message.bytes), to: &message)
        }
        return message.bytes
    }

    private static func write(_ type: UInt16, _ value: [UInt8], to writer: inout ByteWriter) {
        writer.uint16(type)
        writer.uint16(UInt16(value.count))
        writer.append(value)
        // RFC 8489 §14: attributes begin at multiples of four bytes.
        for _ in 0..<(4 - value.count % 4) % 4 { writer.uint8(0) }
    }
}
