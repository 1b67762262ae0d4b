/// An IP address with a port.
@usableFromInline package struct Endpoint: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var address: IPAddress
    @usableFromInline package var port: UInt16

    @inlinable package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        // `UInt16` would read "+5060" as well.
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else { return nil }
        let host = text[..<colon]
        guard !host.contains(":") || host.first == "[", let address = IPAddress(host) else { return nil }
        self.init(address: address, port: port)
    }

    @usableFromInline package var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    @inlinable package static func < (a: Endpoint, b: Endpoint) -> Bool {
        a.address != b.address ? a.address < b.address : a.port < b.port
    }

    /// 18 bytes: the address as IPv6, then the port.
    package func write(to writer: inout ByteWriter) {
        writer.uint64(address.high)
        writer.uint64(address.low)
        writer.uint16(port)
    }

    package init(from reader: inout ByteReader) throws(MalformedBytes) {
        let high = try reader.uint64()
        let low = try reader.uint64()
        self.init(address: IPAddress(high: high, low: low), port: try reader.uint16())
    }
}
