import Glibc
import NIOCore
import NodeIO
import Primitives
import Testing

/// A connection by plain blocking calls: a peer that writes and reads exactly what a test says.
final class BlockingSocket: Sendable {
    private let file: CInt

    init(connectingTo endpoint: Endpoint) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = endpoint.address.v4!.bigEndian
        file = try Self.connected(AF_INET, address)
    }

    /// A connection to a Unix socket.
    init(connectingTo path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        file = try Self.connected(AF_UNIX, address)
    }

    private static func connected<Address>(_ family: CInt, _ address: Address) throws -> CInt {
        let file = socket(family, CInt(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else { throw SystemCallError("connect to", "\(address)") }
        var wait = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        return file
    }

    deinit { Glibc.close(file) }

    func write(_ text: String) { #expect(canWrite(text)) }

    func write(_ bytes: [UInt8]) {
        #expect(Glibc.send(file, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count)
    }

    /// Writes, unless the peer has closed the connection.
    func canWrite(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(file, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
    }

    /// Ends this side's half of the stream; the peer's can still be read.
    func endWriting() { shutdown(file, CInt(SHUT_WR)) }

    /// So many bytes as text, or fewer when the connection ends before.
    func read(_ count: Int) -> String { String(decoding: readBytes(count), as: UTF8.self) }

    func readBytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < count {
            let got = Glibc.read(file, &chunk, min(chunk.count, count - bytes.count))
            if got <= 0 { break }
            bytes += chunk[..<got]
        }
        return bytes
    }

    /// Up to the next line feed.
    func readLine() -> String {
        var line = ""
        while let next = Optional(read(1)), !next.isEmpty, next != "\n" { line += next }
        return line
    }

    /// Whether the peer has closed the connection; waits for it.
    var isClosedByPeer: Bool {
        var byte: UInt8 = 0
        let count = Glibc.read(file, &byte, 1)
        // The end of a stream leaves errno as some earlier call has set it.
        return count == 0 || (count < 0 && errno != EAGAIN)
    }
}
