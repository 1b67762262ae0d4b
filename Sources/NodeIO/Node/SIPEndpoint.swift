import NIOCore
import NIOPosix
import OverlayNode
import Primitives
import SIPMessages
import SIPStack

/// A SIP endpoint in this process: any ``TransportCore`` with sockets of its own, and no overlay.
package final class SIPEndpoint<Core: TransportCore>: Sendable {
    /// The addresses at which it listens, as they were bound.
    package let listeners: [SIPListener]
    private let loop: NIOLoopBound<EndpointLoop<Core>>

    private init(listeners: [SIPListener], loop: NIOLoopBound<EndpointLoop<Core>>) {
        self.listeners = listeners
        self.loop = loop
    }

    /// Binds the sockets and starts the core that `makeCore` makes for the addresses bound.
    ///
    /// - Parameters:
    ///   - listeners: where to listen; port 0 lets the system choose.
    ///   - report: told every action that is not for the sockets, on the endpoint's thread: it must not block.
    package static func start(
        listeners: [SIPListener], group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        report: @escaping @Sendable (Core.Action) -> Void,
        makeCore: @escaping @Sendable ([SIPListener]) -> Core
    ) async throws -> SIPEndpoint {
        let eventLoop = group.next()
        let loop = try await eventLoop.submit {
            NIOLoopBound(EndpointLoop<Core>(on: eventLoop, report: report), eventLoop: eventLoop)
        }.get()
        do {
            var bound: [SIPListener] = []
            for listener in listeners {
                let endpoint = try await eventLoop.flatSubmit {
                    loop.value.transports.listen(listener.transport, at: listener.endpoint)
                }.get()
                bound.append(SIPListener(listener.transport, endpoint))
            }
            let listeners = bound
            try await eventLoop.submit { loop.value.start(makeCore(listeners)) }.get()
            return SIPEndpoint(listeners: listeners, loop: loop)
        } catch {
            try? await eventLoop.submit { loop.value.stop() }.get()
            throw error
        }
    }

    /// Hands the core an event. Events sent by one thread arrive in their order.
    package func send(_ event: Core.Event) {
        let loop = loop
        loop.eventLoop.execute { loop.value.handle(event) }
    }

    /// Closes the sockets at once; nothing is reported any more.
    package func stop() async {
        let loop = loop
        try? await loop.eventLoop.submit { loop.value.stop() }.get()
    }
}
