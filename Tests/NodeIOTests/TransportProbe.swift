import NIOCore
import NIOPosix
import NodeIO
import Primitives
import SIPMessages
import SIPStack

/// SIP transports on an event loop, with all they report in a stream.
final class TransportProbe: Sendable {
    private final class Receiver: TransportReceiver {
        let continuation: AsyncStream<TransportEvent>.Continuation
        var transports: SIPTransports!

        init(_ continuation: AsyncStream<TransportEvent>.Continuation) { self.continuation = continuation }

        func receive(_ event: TransportEvent) { continuation.yield(event) }
        func burstEnded() { transports.flush() }
        func transportFailed(_ reason: String) { continuation.finish() }
    }

    private let receiver: NIOLoopBound<Receiver>
    private let events: AsyncStream<TransportEvent>

    init(limits: TransportLimits = .init()) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let (events, continuation) = AsyncStream<TransportEvent>.makeStream()
        self.events = events
        receiver = try await eventLoop.submit {
            let receiver = Receiver(continuation)
            receiver.transports = SIPTransports(eventLoop: eventLoop, receiver: receiver, limits: limits)
            return NIOLoopBound(receiver, eventLoop: eventLoop)
        }.get()
    }

    /// - Parameter certificate: for a transport that encrypts.
    func listen(
        _ transport: SIPTransport, at endpoint: Endpoint? = nil, certificate: CertificateFiles? = nil
    ) async throws -> Endpoint {
        let receiver = receiver
        let endpoint = endpoint ?? Endpoint(address: .loopback, port: 0)
        return try await receiver.eventLoop.flatSubmit {
            do {
                let identity = try certificate.map { files throws(ConfigurationErrors) in
                    try TLSIdentity(files, for: .sip) { _ in }
                }
                return receiver.value.transports.listen(transport, at: endpoint, identity: identity)
            } catch {
                return receiver.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }

    /// Makes it a server that speaks TLS with others.
    ///
    /// - Parameter trust: the file of those it believes.
    func peer(_ certificate: CertificateFiles, trust: String) async throws {
        let receiver = receiver
        try await receiver.eventLoop.submit {
            receiver.value.transports.peering = .init(
                identity: try TLSIdentity(certificate, for: .sip) { _ in }, trust: try PeerTrust(file: trust))
        }.get()
    }

    func perform(_ actions: TransportAction...) {
        let receiver = receiver
        receiver.eventLoop.execute {
            for action in actions { receiver.value.transports.perform(action) }
            receiver.value.transports.flush()
        }
    }

    /// The next event; each waits for at most as long as the test may run.
    func next() async -> TransportEvent? {
        for await event in events { return event }
        return nil
    }

    func close() async {
        let receiver = receiver
        try? await receiver.eventLoop.submit { receiver.value.transports.close() }.get()
    }
}
