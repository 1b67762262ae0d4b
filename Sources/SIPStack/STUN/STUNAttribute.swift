import Primitives

/// The attributes of STUN messages that are read or written here (RFC 8489 §14).
enum STUNAttribute {
    static let messageIntegrity: UInt16 = 0x0008
    static let errorCode: UInt16 = 0x0009
    static let unknownAttributes: UInt16 = 0x000A
    static let messageIntegritySHA256: UInt16 = 0x001C
    static let xorMappedAddress: UInt16 = 0x0020
    static let fingerprint: UInt16 = 0x8028

    /// The value of XOR-MAPPED-ADDRESS (RFC 8489 §14.2): the port and address combined with the magic cookie and the
    /// transaction ID, so that no NAT takes them for an address that it should rewrite.
    static func xorMappedAddress(_ endpoint: Endpoint, transactionID: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(reserving: 20)
        writer.uint8(0)
        let isV4 = endpoint.address.isV4
        writer.uint8(isV4 ? 1 : 2)
        writer.uint16(endpoint.port ^ UInt16(STUNRequest.magicCookie >> 16))
        var address = ByteWriter(reserving: 16)
        if let v4 = endpoint.address.v4 {
            address.uint32(v4)
        } else {
            address.uint64(endpoint.address.high)
            address.uint64(endpoint.address.low)
        }
        var mask = ByteWriter(reserving: 16)
        mask.uint32(STUNRequest.magicCookie)
        mask.append(transactionID)
        writer.append(zip(address.bytes, mask.bytes).map { $0 ^ $1 })
        return writer.bytes
    }

    /// The value of FINGERPRINT (RFC 8489 §14.7): the CRC-32 of ITU V.42 over all before the attribute, whose length the
    /// message's header counts in already, combined with "STUN".
    static func fingerprintValue(of message: some Sequence<UInt8>) -> [UInt8] {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in message {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        var writer = ByteWriter(reserving: 4)
        writer.uint32(~crc ^ 0x5354_554E)
        return writer.bytes
    }
}
