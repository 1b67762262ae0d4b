import Glibc
import NIOCore
import Primitives

extension Endpoint {
    /// The endpoint that a socket names; nil for Unix sockets and the like.
    init?(_ address: SocketAddress?) {
        switch address {
        case .v4(let v4):
            self.init(
                address: IPAddress(v4: UInt32(bigEndian: v4.address.sin_addr.s_addr)),
                port: UInt16(bigEndian: v4.address.sin_port))
        case .v6(let v6):
            let bytes = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
            let word = { (part: ArraySlice<UInt8>) in part.reduce(0) { $0 << 8 | UInt64($1) } }
            self.init(
                address: IPAddress(high: word(bytes[..<8]), low: word(bytes[8...])),
                port: UInt16(bigEndian: v6.address.sin6_port))
        default:
            return nil
        }
    }

    /// The endpoint as SwiftNIO wants it, in its own address family.
    var socketAddress: SocketAddress {
        address.isV4 ? SocketAddress(socketAddress4) : SocketAddress(socketAddress6)
    }

    /// Calls `body` with the endpoint as the system wants it; IPv4 as IPv4-mapped IPv6 when the socket is of that
    /// family (RFC 3493 §3.7).
    func withSystemAddress<Result>(
        forIPv6Socket isV6: Bool, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        func call<Address>(_ address: Address) -> Result {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        return isV6 ? call(socketAddress6) : call(socketAddress4)
    }

    private var socketAddress4: sockaddr_in {
        var system = sockaddr_in()
        system.sin_family = sa_family_t(AF_INET)
        system.sin_port = port.bigEndian
        system.sin_addr.s_addr = (address.v4 ?? 0).bigEndian
        return system
    }

    private var socketAddress6: sockaddr_in6 {
        var system = sockaddr_in6()
        system.sin6_family = sa_family_t(AF_INET6)
        system.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &system.sin6_addr) { bytes in
            bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return system
    }

    /// The endpoint to which a socket is bound.
    init?(boundTo socket: CInt) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) == 0 }
        }
        guard isKnown else { return nil }
        let address = withUnsafeBytes(of: storage) { bytes in
            CInt(storage.ss_family) == AF_INET
                ? SocketAddress(bytes.load(as: sockaddr_in.self)) : SocketAddress(bytes.load(as: sockaddr_in6.self))
        }
        self.init(address)
    }
}
