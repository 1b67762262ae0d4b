import Foundation
import Glibc
import NodeIO
import OverlayNode
import Primitives
import SIPStack
import Testing

@Suite(.timeLimit(.minutes(1))) struct ControlTests {
    private func start(_ directory: TemporaryDirectory, listeners: [SIPListener] = []) async throws -> RunningNode {
        var configuration = NodeConfiguration(overlay: Endpoint(address: .loopback, port: 0))
        configuration.sipListeners = listeners
        return try await RunningNode.start(configuration, in: directory.data, observe: { _ in })
    }

    /// Gives a command over the socket, on a thread that may block.
    private func ask(_ directory: DataDirectory, _ command: Command) async throws -> Reply {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Result {
                        let client = try #require(try ControlClient(directory))
                        try client.send(command)
                        return try client.receive().reply
                    })
            }.start()
        }
    }

    @Test func theSocketIsForItsOwnerAlone() async throws {
        let directory = TemporaryDirectory()
        let node = try await start(directory)
        #expect(PrivateFile.mode(of: directory.data.controlSocketPath) == 0o600)
        node.stop()
        try await node.waitUntilEnded()
        #expect(PrivateFile.mode(of: directory.data.controlSocketPath) == nil)
    }

    @Test func commandsReachTheRunningNode() async throws {
        let directory = TemporaryDirectory()
        let node = try await start(directory)
        guard case .status(let status) = try await ask(directory.data, .status) else {
            Issue.record("no status came")
            return
        }
        #expect(status.nodeID == node.nodeID.text)
        #expect(status.overlayEndpoint == "\(node.configuration.overlay)")
        node.stop()
        try await node.waitUntilEnded()
        #expect(try ControlClient(directory.data) == nil)
    }

    @Test func twoNodesCannotRunOnOneDirectory() async throws {
        let directory = TemporaryDirectory()
        let node = try await start(directory)
        await #expect(throws: StorageError.inUse(directory.path, process: Int(getpid()))) {
            try await start(directory)
        }
        // The one that was refused left the other's socket alone.
        guard case .status = try await ask(directory.data, .status) else {
            Issue.record("no status came")
            return
        }
        node.stop()
        try await node.waitUntilEnded()
    }

    @Test func aTooLongPathIsTold() async throws {
        let directory = TemporaryDirectory()
        let deep = DataDirectory(directory.path + "/" + String(repeating: "d", count: 100))
        let error = #expect(throws: ControlError.self) { try ControlClient(deep) }
        #expect("\(error!)".contains("shorter path"))
    }

    @Test func whatIsNoCommandIsAnsweredAndAnEndlessLineIsCutOff() async throws {
        let directory = TemporaryDirectory()
        let node = try await start(directory)
        let socket = try BlockingSocket(connectingTo: directory.data.controlSocketPath)
        socket.write("{\"fly\":{}}\n")
        let reply = socket.readLine()
        #expect(reply.contains("\"failed\"") && reply.contains("\"isLast\":true"))
        socket.write(String(repeating: "x", count: 100_000))
        #expect(socket.isClosedByPeer)
        node.stop()
        try await node.waitUntilEnded()
    }

    @Test func commandsAboutDomainsAndUsersWorkOffline() throws {
        let directory = TemporaryDirectory()
        do {
            let node = try OfflineNode(directory.data)
            guard case .done = try node.perform(.domainCreate(name: "example.org")),
                case .password("alice@example.org", let password) = try node.perform(
                    .userAdd(addressOfRecord: "alice@example.org", password: nil))
            else {
                Issue.record("the domain and the user could not be made")
                return
            }
            #expect(password.count >= 12)
            try node.close()
        }
        let node = try OfflineNode(directory.data)
        guard case .users(let users) = try node.perform(.userList) else {
            Issue.record("no list of users came")
            return
        }
        #expect(users.map(\.addressOfRecord) == ["alice@example.org"])
        try node.close()
    }
}
