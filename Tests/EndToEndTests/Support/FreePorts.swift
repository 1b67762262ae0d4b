import Foundation
import Glibc

/// Ports on 127.0.0.1 that nobody listens on, each given out once.
///
/// They lie below the range from which the system picks ports for outgoing connections, so that no such connection
/// takes one between its choice and its use.
final class FreePorts: @unchecked Sendable {
    // Sound: `next` is guarded by `lock`.

    static let shared = FreePorts()

    private let lock = NSLock()
    private var next = UInt16.random(in: 0..<5_000) * 2 + 12_000

    /// The first of `count` ports in a row that are free for UDP and TCP; even, as RTP wants it.
    func row(of count: Int = 1) -> UInt16 {
        lock.withLock {
            while true {
                let first = next
                next += UInt16(count + count % 2)
                if next > 30_000 { next = 12_000 }
                if (0..<count).allSatisfy({ isFree(first + UInt16($0)) }) { return first }
            }
        }
    }

    private func isFree(_ port: UInt16) -> Bool {
        [SOCK_DGRAM, SOCK_STREAM].allSatisfy { kind in
            let handle = socket(AF_INET, Int32(kind.rawValue), 0)
            defer { close(handle) }
            var address = sockaddr_in.loopback(port: port)
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
    }
}

extension sockaddr_in {
    static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
