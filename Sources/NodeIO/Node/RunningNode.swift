import Identity
import NIOCore
import NIOPosix
import OverlayNode
import Primitives
import XCAP

/// A node that runs in this process, on an event loop of its own.
package final class RunningNode: Sendable {
    /// What the node was told, with its addresses as they were bound.
    package let configuration: NodeConfiguration
    package let nodeID: NodeID
    /// Where XCAP is served, as it was bound; nil for nowhere.
    package let xcap: Endpoint?
    private let group: MultiThreadedEventLoopGroup
    private let loop: NIOLoopBound<NodeLoop>

    private init(
        configuration: NodeConfiguration, nodeID: NodeID, xcap: Endpoint?, group: MultiThreadedEventLoopGroup,
        loop: NIOLoopBound<NodeLoop>
    ) {
        self.configuration = configuration
        self.nodeID = nodeID
        self.xcap = xcap
        self.group = group
        self.loop = loop
    }

    /// Takes the directory, binds the sockets, restores what the node remembers and starts it.
    ///
    /// - Parameters:
    ///   - needsListeners: whether the node must not run without one of its SIP listeners; else one that can't be bound
    ///     is observed as a warning.
    ///   - certificate: what listeners for TLS and secure WebSocket show; nil to make one where there are any.
    ///   - xcap: where to serve XCAP; nil for nowhere.
    ///   - outside: how domains outside the overlay are reached.
    ///   - acceptsCommands: whether to open the control socket.
    ///   - bound: told where it runs, before it observes anything.
    ///   - observe: told what the node observes, on the node's thread: it must not block.
    /// - Throws: ``StorageError``, ``SystemCallError``, ``ControlError``, ``ConfigurationErrors``,
    ///   `NodeConfigurationError`; nothing is left open.
    package static func start(
        _ configuration: NodeConfiguration, in directory: DataDirectory, needsListeners: Bool = true,
        certificate: CertificateFiles? = nil, xcap: XCAPListener? = nil, outside: OutsideSettings = OutsideSettings(),
        acceptsCommands: Bool = true,
        bound announce: @escaping @Sendable (NodeConfiguration, NodeID) -> Void = { _, _ in },
        observe: @escaping @Sendable (Observation) -> Void
    ) async throws -> RunningNode {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        do {
            let (loop, nodeID) = try await eventLoop.submit {
                var random = RandomSource.keyedBySystem()
                let store = try NodeStore(directory, random: &random)
                let loop = NodeLoop(store, on: eventLoop, outside: outside, observe: observe)
                return (NIOLoopBound(loop, eventLoop: eventLoop), store.identity.nodeID)
            }.get()
            do {
                var configuration = configuration
                configuration.ownAddresses = OwnAddresses.current()
                configuration.xcapRoot = xcap.flatMap { XCAPRoot($0.root) }
                let told = configuration
                let bound = try await eventLoop.flatSubmit {
                    loop.value.bind(told, certificate: certificate, needsListeners: needsListeners)
                }.get()
                let boundXCAP = if let xcap { try await open(xcap, for: loop) } else { nil as Endpoint? }
                if acceptsCommands { try await eventLoop.flatSubmit { loop.value.openControl() }.get() }
                try await eventLoop.submit {
                    try loop.value.start(bound, random: .keyedBySystem()) { announce(bound, nodeID) }
                }.get()
                return RunningNode(configuration: bound, nodeID: nodeID, xcap: boundXCAP, group: group, loop: loop)
            } catch {
                try? await eventLoop.submit { loop.value.abandon() }.get()
                throw error
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func open(_ xcap: XCAPListener, for loop: NIOLoopBound<NodeLoop>) async throws -> Endpoint {
        let endpoint = try await XCAPEndpoint.start(
            at: xcap.endpoint, certificate: xcap.certificate, on: loop.eventLoop
        ) { call in
            let answer = try? await loop.eventLoop.flatSubmit { loop.value.begin(call) }.get()
            return answer ?? .unavailable
        }
        try await loop.eventLoop.submit { loop.value.xcapEndpoint = endpoint }.get()
        return endpoint.local
    }

    /// Gives the node a command; the replies come in order, the last one ends the stream.
    package func replies(to command: Command) -> AsyncStream<Reply> {
        let (stream, continuation) = AsyncStream<Reply>.makeStream()
        let loop = loop
        loop.eventLoop.execute {
            loop.value.command(command) { reply, isLast in
                continuation.yield(reply)
                if isLast { continuation.finish() }
            }
        }
        return stream
    }

    /// Lets the node say good-bye. ``waitUntilEnded()`` returns when it has, within four seconds.
    package func stop() {
        let loop = loop
        loop.eventLoop.execute { loop.value.stop() }
    }

    /// Returns when the node has stopped and all is closed.
    ///
    /// - Throws: ``NodeFailure`` when it had to give up.
    package func waitUntilEnded() async throws {
        let loop = loop
        let ended = loop.eventLoop.flatSubmit { loop.value.end }
        do {
            try await ended.get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }
}
