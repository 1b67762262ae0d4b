import Glibc
import NIOCore
import NodeIO
import Primitives
import Testing

/// A TCP connection by plain blocking calls: a peer that writes and reads exactly what a test says.
final class BlockingSocket: Sendable {
    private let file: CInt

    init(connectingTo endpoint: Endpoint) throws {
        file = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = endpoint.address.v4!.bigEndian
        let file = file
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SystemCallError("connect to", "\(endpoint)") }
        var wait = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(file) }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(Glibc.send(file, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count)
    }

    /// So many bytes, or fewer when the connection ends before.
    func read(_ count: Int) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < count {
            let got = Glibc.read(file, &chunk, min(chunk.count, count - bytes.count))
            if got <= 0 { break }
            bytes += chunk[..<got]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the peer has closed the connection; waits for it.
    var isClosedByPeer: Bool {
        var byte: UInt8 = 0
        return Glibc.read(file, &byte, 1) <= 0 && errno != EAGAIN
    }
}
