import Primitives
import SIPMessages

/// How a binding is kept on disk and carried to other nodes.
extension Binding {
    /// The first byte of the encoding; a reader refuses what it does not know. Version 1 ended with `expires`.
    private static let version: UInt8 = 2

    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: 256)
        writer.uint8(Self.version)
        writer.string16(aor.user)
        writer.string16(aor.host)
        writer.string16(contact.description)
        writer.uint8(UInt8(clamping: min(parameters.list.count, 255)))
        for parameter in parameters.list.prefix(255) {
            writer.string16(parameter.name)
            writer.uint8(parameter.text == nil ? 0 : 1)
            if let text = parameter.text { writer.string16(text) }
        }
        writer.uint16(UInt16(clamping: preference))
        writer.bytes16(flow.encode())
        writer.uint8(isFlowOpen ? 1 : 0)
        writer.uint8(UInt8(clamping: min(path.count, 255)))
        for proxy in path.prefix(255) { writer.string16(proxy) }
        writer.string16(callID)
        writer.uint32(cseq)
        writer.instant(expires)
        writer.instant(refreshed ?? Instant(nanoseconds: 0))
        writer.uint64(epoch)
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let version = try reader.uint8()
        guard (1...Self.version).contains(version) else { throw MalformedBytes("binding of an unknown version") }
        let user = try reader.string16()
        let host = try reader.string16()
        guard let aor = AddressOfRecord(user: user, host: host), let contact = SIPURI(try reader.string16()) else {
            throw MalformedBytes("binding without an address")
        }
        var parameters = Parameters()
        for _ in 0..<(try reader.uint8()) {
            let name = try reader.string16()
            let text = try reader.uint8() == 0 ? nil : try reader.string16()
            parameters.list.append(.init(name: name, text: text))
        }
        let preference = Int(try reader.uint16())
        let flow = try Flow(decoding: try reader.bytes16())
        let isFlowOpen = try reader.uint8() != 0
        var path: [String] = []
        for _ in 0..<(try reader.uint8()) { path.append(try reader.string16()) }
        self.init(
            aor: aor, contact: contact, parameters: parameters, preference: preference, flow: flow, path: path,
            callID: try reader.string16(), cseq: try reader.uint32(), expires: try reader.instant())
        self.isFlowOpen = isFlowOpen
        if version > 1 {
            let time = try reader.instant()
            refreshed = time.nanoseconds == 0 ? nil : time
            epoch = try reader.uint64()
        }
        try reader.end()
    }
}
