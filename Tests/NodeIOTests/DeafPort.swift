import Glibc
import NodeIO
import Primitives

/// A TCP port of loopback that is taken and where nobody listens: connections to it are refused, whoever else runs.
final class DeafPort: Sendable {
    let endpoint: Endpoint
    private let file: CInt

    init() throws {
        file = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let file = file
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
            }
        }
        guard isBound else { throw SystemCallError("bind", "a port of loopback") }
        endpoint = Endpoint(address: .loopback, port: UInt16(bigEndian: address.sin_port))
    }

    deinit { close(file) }
}
