import Glibc
import NIOCore
import NIOPosix
import Primitives

/// A UDP socket on an event loop: read in bursts by SwiftNIO, written directly.
///
/// It is written past SwiftNIO since there one datagram that the system refuses (no route, port 0, a firewall's rule)
/// closes the channel, and a peer could bring that about by naming such an address; here it fails alone. It is also
/// several times faster. Not Sendable: it lives on its event loop.
package final class DatagramSocket {
    /// What kind of datagrams the socket carries.
    package struct Shape {
        /// Larger ones are cut off; with no more to them than that they are malformed to whoever reads them.
        package let maximumSize: Int
        /// How many are read with one system call.
        package let vector: Int

        package init(maximumSize: Int, vector: Int) {
            self.maximumSize = maximumSize
            self.vector = vector
        }
    }

    /// 4 MiB each way: a burst of thousands of datagrams survives while the loop is busy. The system cuts it to its
    /// own limit (`net.core.rmem_max`) unless the process is privileged.
    private static let bufferSize: CInt = 4 << 20

    /// The address bound, with the port the system chose if none was named.
    package let local: Endpoint
    private let file: CInt
    private let isV6: Bool
    private var waiting: [(bytes: [UInt8], to: Endpoint)] = []
    private var isOpen = true
    private var channel: (any Channel)?

    /// Binds a socket; nothing is read before ``start(on:shape:receive:)``.
    package init(binding endpoint: Endpoint) throws(SystemCallError) {
        isV6 = !endpoint.address.isV4
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        file = socket(isV6 ? AF_INET6 : AF_INET, kind, 0)
        guard file >= 0 else { throw SystemCallError("open a UDP socket for", "\(endpoint)") }
        var size = Self.bufferSize
        for option in [SO_RCVBUF, SO_SNDBUF, SO_RCVBUFFORCE, SO_SNDBUFFORCE] {
            setsockopt(file, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        let file = file
        let isBound = endpoint.withSystemAddress(forIPv6Socket: isV6) { Glibc.bind(file, $0, $1) == 0 }
        guard isBound, let local = Endpoint(boundTo: file) else {
            let code = errno
            Glibc.close(file)
            throw SystemCallError("bind the UDP socket", "\(endpoint)", code: code)
        }
        self.local = local
    }

    /// Begins to read. From here the channel owns the descriptor and closes it.
    ///
    /// - Parameter receive: called on the loop; see ``DatagramReader``.
    package func start(on eventLoop: any EventLoop, shape: Shape, reader: DatagramReader) -> EventLoopFuture<Void> {
        let socket = NIOLoopBound(self, eventLoop: eventLoop)
        let reader = NIOLoopBound(reader, eventLoop: eventLoop)
        return DatagramBootstrap(group: eventLoop)
            .channelOption(.datagramVectorReadMessageCount, value: shape.vector)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: shape.maximumSize * shape.vector)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(reader.value)
                }
            }
            .withBoundSocket(file)
            .map { channel in
                socket.value.channel = channel
                channel.closeFuture.whenComplete { _ in socket.value.isOpen = false }
            }
    }

    /// Puts a datagram in the queue that ``flush(failed:)`` sends.
    package func send(_ bytes: [UInt8], to endpoint: Endpoint) {
        waiting.append((bytes, endpoint))
    }

    /// Sends what is queued, in order. What the system refuses, or has no room for, is lost as datagrams are.
    ///
    /// - Parameter failed: called for a datagram that was refused because of its address or size.
    package func flush(failed: (Endpoint) -> Void) {
        guard !waiting.isEmpty else { return }
        for (bytes, endpoint) in waiting {
            // A socket of one family can't reach the other, except IPv4 from IPv6 through mapped addresses.
            guard isOpen, isV6 || endpoint.address.isV4 else {
                failed(endpoint)
                continue
            }
            switch sendOne(bytes, to: endpoint) {
            case 0, EAGAIN, ENOBUFS, ECONNREFUSED: break
            default: failed(endpoint)
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// - Returns: 0, or the system's error.
    private func sendOne(_ bytes: [UInt8], to endpoint: Endpoint) -> CInt {
        endpoint.withSystemAddress(forIPv6Socket: isV6) { address, length in
            bytes.withUnsafeBytes { buffer in
                let flags = CInt(MSG_DONTWAIT)
                while sendto(file, buffer.baseAddress, buffer.count, flags, address, length) < 0 {
                    if errno != EINTR { return errno }
                }
                return 0
            }
        }
    }

    /// Closes the socket; what is queued is not sent.
    package func close() {
        waiting.removeAll()
        guard isOpen else { return }
        isOpen = false
        if let channel { channel.close(promise: nil) } else { Glibc.close(file) }
    }
}
