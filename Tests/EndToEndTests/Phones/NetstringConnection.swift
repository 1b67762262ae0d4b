import Foundation
import Glibc

/// A connection to baresip's control port: JSON objects as netstrings.
final class NetstringConnection {
    private let handle: Int32
    private var received: [UInt8] = []

    /// - Returns: nil when nobody listens there (yet).
    init?(port: UInt16) throws {
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard handle >= 0 else { throw POSIXFailure("socket", errno) }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in.loopback(port: port)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if !connected { return nil }
    }

    deinit { close(handle) }

    /// Sends a command and waits for its answer; events that come in between are passed over.
    /// - Returns: nil when the other side goes away or says nothing for five seconds.
    func ask(command: String, parameters: String) throws -> String? {
        let object = ["command": command, "params": parameters, "token": "answer"]
        let body = try JSONSerialization.data(withJSONObject: object)
        let text = Array("\(body.count):".utf8) + Array(body) + Array(",".utf8)
        guard write(handle, text, text.count) == text.count else { return nil }
        while let next = try receive() {
            if next["token"] as? String == "answer" { return next["data"] as? String ?? "" }
        }
        return nil
    }

    private func receive() throws -> [String: Any]? {
        while true {
            if let colon = received.firstIndex(of: UInt8(ascii: ":")),
                let count = Int(String(decoding: received[..<colon], as: UTF8.self)), received.count > colon + 1 + count
            {
                let body = Data(received[(colon + 1)...(colon + count)])
                received.removeFirst(colon + count + 2)
                return try JSONSerialization.jsonObject(with: body) as? [String: Any]
            }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = read(handle, &buffer, buffer.count)
            guard count > 0 else { return nil }
            received += buffer[..<count]
        }
    }
}
