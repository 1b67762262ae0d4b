import Glibc
import NIOCore
import NIOPosix
import OverlayNode

/// The Unix socket in a data directory by which commands reach the node that runs there. Lives on its event loop.
final class ControlServer {
    /// More commands at a time than any person gives; each watch is one.
    private static let maximumConnections = 64
    /// Replies that may wait for a slow reader before it is cut off.
    private static let waitingBytes = 8 << 20

    private let path: String
    private let eventLoop: any EventLoop
    private let makeID: () -> CommandID
    private let handle: (CommandID, Command) -> Void
    private let cancel: (CommandID) -> Void
    private var connections: [CommandID: ControlConnection] = [:]
    private var openConnections: [ObjectIdentifier: ControlConnection] = [:]
    private var channel: (any Channel)?

    /// - Parameters:
    ///   - makeID: a number for the next command.
    ///   - handle: a command came in.
    ///   - cancel: nobody listens to its replies any more.
    init(
        _ directory: DataDirectory, on eventLoop: any EventLoop, makeID: @escaping () -> CommandID,
        handle: @escaping (CommandID, Command) -> Void, cancel: @escaping (CommandID) -> Void
    ) {
        path = directory.controlSocketPath
        self.eventLoop = eventLoop
        self.makeID = makeID
        self.handle = handle
        self.cancel = cancel
    }

    /// Binds the socket, for this user alone. What a node that was killed left behind is removed: whoever calls this
    /// holds the directory's lock.
    func start() -> EventLoopFuture<Void> {
        let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard path.utf8.count <= longest else {
            return eventLoop.makeFailedFuture(ControlError.pathTooLong(path, longest: longest))
        }
        unlink(path)
        let path = path
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: Self.waitingBytes / 2, high: Self.waitingBytes)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try server.value.accept(channel) }
            }
            .bind(unixDomainSocketPath: path)
            .flatMapThrowing { channel in
                server.value.channel = channel
                // The directory is closed to others already; this holds when somebody opens it.
                guard chmod(path, 0o600) == 0 else { throw SystemCallError("close to others", path) }
            }
    }

    private func accept(_ channel: any Channel) throws {
        guard openConnections.count < Self.maximumConnections else { throw ControlError.tooManyConnections }
        let connection = ControlConnection(channel: channel, server: self)
        openConnections[ObjectIdentifier(connection)] = connection
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    func received(_ command: Command, on connection: ControlConnection) -> CommandID {
        let id = makeID()
        connections[id] = connection
        handle(id, command)
        return id
    }

    /// Whether replies to the command are still to come.
    func isWaiting(_ id: CommandID) -> Bool { connections[id] != nil }

    func closed(_ connection: ControlConnection, _ commands: [CommandID]) {
        openConnections[ObjectIdentifier(connection)] = nil
        for id in commands where connections.removeValue(forKey: id) != nil { cancel(id) }
    }

    /// Passes a reply on to whoever gave the command, if they are still there.
    func reply(_ reply: Reply, to id: CommandID, isLast: Bool) {
        guard let connection = connections[id] else { return }
        if isLast { connections[id] = nil }
        connection.send(ControlMessage.ReplyLine(reply: reply, isLast: isLast))
    }

    /// Closes the socket and removes it from the directory. Commands that wait are answered.
    func close() {
        guard let channel else { return }
        self.channel = nil
        channel.close(promise: nil)
        for (id, connection) in connections {
            connection.send(ControlMessage.ReplyLine(reply: .failed(reason: "the node stopped"), isLast: true))
            connections[id] = nil
        }
        for connection in openConnections.values { connection.close() }
        unlink(path)
    }
}
