import NIOCore
import NIOPosix
import NodeIO
import OverlayNode
import Primitives
import Synchronization

/// An XCAP endpoint on loopback that keeps the calls that come in.
final class XCAPProbe: Sendable {
    /// A closure's calls.
    private final class Log: Sendable {
        let calls = Mutex<[XCAPCall]>([])
    }

    let endpoint: XCAPEndpoint
    private let log: Log

    init(
        limits: XCAPEndpointLimits = .init(), certificate: CertificateFiles? = nil,
        answer: @escaping @Sendable (XCAPCall) async -> XCAPAnswer = { _ in XCAPAnswer(status: 200, body: [104, 105]) }
    ) async throws {
        let log = Log()
        self.log = log
        endpoint = try await XCAPEndpoint.start(
            at: Endpoint(address: .loopback, port: 0), certificate: certificate, limits: limits,
            on: MultiThreadedEventLoopGroup.singleton.next()
        ) { call in
            log.calls.withLock { $0.append(call) }
            return await answer(call)
        }
    }

    deinit { endpoint.close() }

    /// The calls so far.
    var calls: [XCAPCall] { log.calls.withLock { $0 } }

    func connect() throws -> HTTPPeer { try HTTPPeer(connectingTo: endpoint.local) }
}
