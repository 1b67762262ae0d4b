import Identity
import OverlayNode
import Primitives

/// A data directory taken into possession: its lock, the node's identity and the journal.
package final class NodeStore {
    package let directory: DataDirectory
    package let identity: NodeIdentity
    package let journal: Journal
    private let lock: DirectoryLock

    /// Opens the directory; makes it, and a new identity, when there is none.
    ///
    /// - Throws: ``StorageError`` or ``SystemCallError`` saying what to do.
    package init(_ directory: DataDirectory, random: inout RandomSource) throws {
        self.directory = directory
        try directory.prepare()
        lock = try DirectoryLock(directory)
        identity = NodeIdentity(seed: try NodeKeyFile.loadOrCreate(in: directory, random: &random))
        journal = try Journal(directory)
    }

    /// Makes durable what waits, and lets go of the directory.
    package func close() throws {
        defer { lock.release() }
        try journal.close()
    }

    /// Lets go of the directory and leaves the journal as it is: what waits is lost.
    package func abandon() { lock.release() }
}
