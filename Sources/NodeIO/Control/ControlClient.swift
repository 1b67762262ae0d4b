import Glibc
import OverlayNode

/// Gives one command to a running node over its control socket, and reads the replies as they come.
///
/// Plain blocking calls: a program that gives one command has nothing else to do, and starts the quicker.
package final class ControlClient {
    private let file: CInt
    private var buffer: [UInt8] = []

    /// Connects to the node of a directory.
    ///
    /// - Returns: nil when no node runs there.
    package init?(_ directory: DataDirectory) throws {
        let path = directory.controlSocketPath
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let longest = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard path.utf8.count <= longest else { throw ControlError.pathTooLong(path, longest: longest) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        file = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw SystemCallError("open", path) }
        let file = file
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
            }
        }
        guard code != 0 else { return }
        close(file)
        // Nobody listens any more where a killed node left its socket.
        guard code != ENOENT, code != ECONNREFUSED, code != ENOTDIR else { return nil }
        throw SystemCallError("connect to", path, code: code)
    }

    deinit { close(file) }

    /// Gives the command.
    package func send(_ command: Command) throws {
        let bytes = try ControlMessage.line(command)
        var sent = 0
        while sent < bytes.count {
            let file = file
            let count = bytes.withUnsafeBytes {
                Glibc.send(file, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ControlError.connectionLost }
            sent += count
        }
    }

    /// Waits for the next reply.
    package func receive() throws -> ControlMessage.ReplyLine {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                return try ControlMessage.read(ControlMessage.ReplyLine.self, from: line)
            }
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, buffer.count < ControlMessage.maximumReplyLine else { throw ControlError.connectionLost }
            buffer += chunk[..<count]
        }
    }
}
