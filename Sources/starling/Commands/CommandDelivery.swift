import NodeIO
import OverlayNode
import Primitives

/// Brings a command to the node of a data directory: over its control socket when it runs, else by opening the
/// directory here, where that is enough.
enum CommandDelivery {
    /// Gives the command, and hands on the replies as they come.
    ///
    /// - Throws: ``Failure``; a reply that says the command failed is thrown as one.
    static func deliver(
        _ command: Command, with settings: NodeSettings, onReply: (Reply) throws -> Void
    ) async throws {
        let directory = settings.dataDirectory
        if let client = try ControlClient(directory) {
            try client.send(command)
            while true {
                let line = try client.receive()
                try hand(on: line.reply, to: onReply)
                if line.isLast { return }
            }
        }
        if case .accept(let invitation) = command {
            try await accept(invitation, command, with: settings, onReply: onReply)
        } else if command.needsOverlay || command == .status {
            throw Failure("\(ControlError.noNode(directory: directory.path))", status: .noNode)
        } else {
            try hand(on: performOffline(command, in: directory), to: onReply)
        }
    }

    /// Gives many commands about domains and users, one after the other.
    ///
    /// - Parameter onReply: is given the number of the command and its last reply, which may say that it failed.
    static func deliver(
        each commands: [Command], with settings: NodeSettings, onReply: (Int, Reply) throws -> Void
    ) throws {
        let directory = settings.dataDirectory
        if let client = try ControlClient(directory) {
            for (index, command) in commands.enumerated() {
                try client.send(command)
                var line = try client.receive()
                while !line.isLast { line = try client.receive() }
                try onReply(index, line.reply)
            }
        } else {
            try withOfflineNode(in: directory) { node in
                for (index, command) in commands.enumerated() {
                    if let reply = try node.perform(command) { try onReply(index, reply) }
                }
            }
        }
    }

    private static func hand(on reply: Reply, to onReply: (Reply) throws -> Void) throws {
        if case .failed(let reason) = reply { throw Failure(reason) }
        try onReply(reply)
    }

    private static func performOffline(_ command: Command, in directory: DataDirectory) throws -> Reply {
        switch command {
        case .domainInvite, .userInvite:
            guard OfflineNode.hasAddress(directory) else {
                throw Failure("\(ControlError.noNode(directory: directory.path))", status: .noNode)
            }
        default: break
        }
        var isNew = false
        if case .domainCreate = command { isNew = true }
        return try withOfflineNode(in: directory, isNew: isNew) { node in
            guard let reply = try node.perform(command) else {
                throw Failure("\(ControlError.noNode(directory: directory.path))", status: .noNode)
            }
            return reply
        }
    }

    /// - Parameter isNew: whether there may be nothing in the directory yet.
    private static func withOfflineNode<Result>(
        in directory: DataDirectory, isNew: Bool = false, _ body: (OfflineNode) throws -> Result
    ) throws -> Result {
        guard isNew || directory.isInUse else {
            throw Failure(
                "there is nothing in the data directory \(directory.path) yet: make a domain with "
                    + "`starling domain create NAME`, accept an invitation, or name another directory with --data")
        }
        do {
            let node = try OfflineNode(directory)
            defer { try? node.close() }
            return try body(node)
        } catch StorageError.inUse {
            throw Failure("\(ControlError.notAnswering(directory: directory.path))")
        }
    }

    /// Runs a node just long enough to accept an invitation: the node that gave it must be asked.
    private static func accept(
        _ text: String, _ command: Command, with settings: NodeSettings, onReply: (Reply) throws -> Void
    ) async throws {
        let invitation: Invitation
        do {
            invitation = try Invitation(text: text)
        } catch {
            throw Failure("this is \(error)", status: .wrongUsage)
        }
        let inviter = invitation.endpoint.address
        let everywhere = inviter.isV4 ? IPAddress.any : IPAddress(high: 0, low: 0)
        var configuration = NodeConfiguration(
            overlay: Endpoint(address: inviter.isLoopback ? inviter : everywhere, port: 0))
        configuration.network = invitation.network
        configuration.bootstrap = [invitation.endpoint]
        let node: RunningNode
        do {
            node = try await RunningNode.start(
                configuration, in: settings.dataDirectory, acceptsCommands: false, observe: { _ in })
        } catch StorageError.inUse {
            throw Failure("\(ControlError.notAnswering(directory: settings.dataDirectory.path))")
        }
        var replies: [Reply] = []
        for await reply in node.replies(to: command) { replies.append(reply) }
        node.stop()
        try await node.waitUntilEnded()
        for reply in replies { try hand(on: reply, to: onReply) }
    }
}
