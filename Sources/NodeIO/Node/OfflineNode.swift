import OverlayNode
import Primitives

/// Carries out commands about domains and users on a data directory on which no node runs.
///
/// The same node value decides as in a running node, without sockets; what it would send is not sent, and it tells
/// the overlay when it runs next.
package final class OfflineNode {
    private let store: NodeStore
    private var node: OverlayNode
    private var clock = SystemClock()
    private var lastCommand: UInt64 = 0

    /// - Throws: ``StorageError/inUse(_:process:)`` when a node runs there after all.
    package init(_ directory: DataDirectory) throws {
        var random = RandomSource.keyedBySystem()
        store = try NodeStore(directory, random: &random)
        let last = LastAddress(in: directory)
        var configuration = NodeConfiguration(overlay: last?.endpoint ?? NodeSettings.defaultOverlay)
        if let last { configuration.network = last.network }
        node = try OverlayNode(
            configuration: configuration, identity: store.identity, random: random,
            restoring: try store.journal.load(), at: clock.now())
    }

    /// Whether the node has run before, so that an invitation given now names where it will be found.
    package static func hasAddress(_ directory: DataDirectory) -> Bool { LastAddress(in: directory) != nil }

    /// Carries out a command, and makes what it changed durable.
    ///
    /// - Returns: its last reply; nil when it has to wait for other nodes.
    package func perform(_ command: Command) throws -> Reply? {
        lastCommand += 1
        let id = CommandID(lastCommand)
        var actions: [OverlayNode.Action] = []
        node.handle(.command(id, command), at: clock.now(), into: &actions)
        let reply = perform(actions, for: id)
        try store.journal.commit()
        return reply
    }

    private func perform(_ actions: [OverlayNode.Action], for command: CommandID) -> Reply? {
        var last: Reply?
        for action in actions {
            switch action {
            case .persist(let entry): store.journal.put(entry)
            case .forget(let room, let key): store.journal.remove(room, key: key)
            case .reply(command, let reply, isLast: true): last = reply
            case .reply, .observe, .overlayTransmit, .sip, .query, .xcapAnswer, .stopped: break
            }
        }
        return last
    }

    /// Closes the journal and lets go of the directory.
    package func close() throws { try store.close() }
}
