import Primitives
import SIPMessages

/// A flow as bytes: in stored bindings and in the tokens of Record-Route.
extension Flow {
    private static let transports: [SIPTransport] = [.udp, .tcp, .tls, .ws, .wss, .overlay]

    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: 48)
        writer.uint8(UInt8(Self.transports.firstIndex(of: transport) ?? 0))
        Self.write(local, to: &writer)
        switch remote {
        case .endpoint(let endpoint):
            writer.uint8(0)
            Self.write(endpoint, to: &writer)
        case .node(let node):
            writer.uint8(1)
            writer.append(node.bits.bytes)
        }
        if connection != 0 || domain != nil { writer.uint64(connection) }
        if let domain { writer.append(domain.utf8) }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let transport = Int(try reader.uint8())
        guard Self.transports.indices.contains(transport) else { throw MalformedBytes("unknown transport") }
        let local = try Self.readEndpoint(&reader)
        let remote: Remote
        switch try reader.uint8() {
        case 0: remote = .endpoint(try Self.readEndpoint(&reader))
        case 1:
            guard let bits = Bits256(try reader.take(32)) else { throw MalformedBytes("not a node ID") }
            remote = .node(NodeID(bits: bits))
        default: throw MalformedBytes("unknown kind of remote")
        }
        let connection = reader.remaining == 0 ? 0 : try reader.uint64()
        let domain = reader.remaining == 0 ? nil : String(decoding: try reader.take(reader.remaining), as: UTF8.self)
        self.init(
            transport: Self.transports[transport], local: local, remote: remote, connection: connection, domain: domain)
    }

    private static func write(_ endpoint: Endpoint, to writer: inout ByteWriter) {
        if let v4 = endpoint.address.v4 {
            writer.uint8(4)
            writer.uint32(v4)
        } else {
            writer.uint8(6)
            writer.uint64(endpoint.address.high)
            writer.uint64(endpoint.address.low)
        }
        writer.uint16(endpoint.port)
    }

    private static func readEndpoint(_ reader: inout ByteReader) throws(MalformedBytes) -> Endpoint {
        switch try reader.uint8() {
        case 4: return Endpoint(address: IPAddress(v4: try reader.uint32()), port: try reader.uint16())
        case 6:
            let address = IPAddress(high: try reader.uint64(), low: try reader.uint64())
            return Endpoint(address: address, port: try reader.uint16())
        default: throw MalformedBytes("unknown family of addresses")
        }
    }
}
