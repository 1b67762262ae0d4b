import Foundation
import GRDB
import OverlayNode

/// What a node must remember, on disk: one table of keys and values for each room.
///
/// Writes are gathered in memory until ``commit()``, which makes all of them durable in one transaction: after it
/// they outlive the process however it ends. (Write-ahead logging with `synchronous = NORMAL`: a machine that loses
/// power may lose the last transactions, whole and in order, and never damages the file.)
package final class Journal {
    /// How many writes the log takes before it is folded into the file: some megabytes.
    private static let writesBetweenFoldings = 2_000

    private enum Write {
        case put(JournalEntry)
        case remove(JournalRoom, key: [UInt8])
    }

    private let path: String
    private let database: DatabaseQueue
    /// A second connection that folds the log into the file on a thread of its own, since that waits for the disk.
    private let folder: DatabaseQueue
    private var writesUntilFolding = Journal.writesBetweenFoldings
    private let rooms: [JournalRoom]
    private var waiting: [Write] = []

    /// Opens the journal of a directory, or makes it; each room that is new gets its table.
    ///
    /// - Parameter rooms: those this version knows.
    /// - Throws: ``StorageError`` when the file is damaged or of a newer version.
    package init(_ directory: DataDirectory, rooms: [JournalRoom] = JournalRoom.allCases) throws {
        path = directory.journalPath
        self.rooms = rooms
        // SQLite would make the file readable for all; its log and index take over the modes of the file.
        if PrivateFile.mode(of: path) == nil { try PrivateFile.create(path, []) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.label = "starling.journal"
        // Another program may look into the file, or fold the log away, for a moment.
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA synchronous = NORMAL")
            try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            folder = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = Self.migrator(for: rooms)
            if try database.read(migrator.hasBeenSuperseded) { throw StorageError.writtenByNewerVersion(path) }
            try migrator.migrate(database)
        } catch let error as DatabaseError {
            throw StorageError.damaged(path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    /// One migration for a room, so that a version that knows a further room adds just its table.
    private static func migrator(for rooms: [JournalRoom]) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for room in rooms {
            migrator.registerMigration("room \(room.rawValue)") { database in
                try database.execute(sql: "CREATE TABLE \(table(room)) (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
            }
        }
        return migrator
    }

    private static func table(_ room: JournalRoom) -> String { "room_\(room.rawValue)" }

    /// Everything that was committed, room by room in the order of the rooms given, each in the order of its keys.
    package func load() throws -> [JournalEntry] {
        try database.read { database in
            var rows: [JournalEntry] = []
            for room in rooms {
                let cursor = try GRDB.Row.fetchCursor(
                    database, sql: "SELECT key, value FROM \(Self.table(room)) ORDER BY key")
                while let row = try cursor.next() {
                    rows.append(JournalEntry(room: room, key: Self.bytes(row, 0), value: Self.bytes(row, 1)))
                }
            }
            return rows
        }
    }

    private static func bytes(_ row: GRDB.Row, _ column: Int) -> [UInt8] {
        (try? row.withUnsafeData(atIndex: column) { $0.map(Array.init) ?? [] }) ?? []
    }

    /// Keeps an entry, in the place of one with the same key, from the next commit on.
    package func put(_ entry: JournalEntry) { waiting.append(.put(entry)) }

    /// Forgets `key` from the next commit on.
    package func remove(_ room: JournalRoom, key: [UInt8]) { waiting.append(.remove(room, key: key)) }

    /// Whether something waits for a commit.
    package var hasUncommittedWrites: Bool { !waiting.isEmpty }

    /// Makes durable what has been put and removed; all of it or, when this throws, nothing.
    package func commit() throws {
        guard !waiting.isEmpty else { return }
        try database.write { database in
            for write in waiting {
                switch write {
                case .put(let entry):
                    let statement = try database.cachedStatement(
                        sql: "INSERT INTO \(Self.table(entry.room)) (key, value) VALUES (?, ?) "
                            + "ON CONFLICT (key) DO UPDATE SET value = excluded.value")
                    try statement.execute(arguments: [Data(entry.key), Data(entry.value)])
                case .remove(let room, let key):
                    let statement = try database.cachedStatement(
                        sql: "DELETE FROM \(Self.table(room)) WHERE key = ?")
                    try statement.execute(arguments: [Data(key)])
                }
            }
        }
        writesUntilFolding -= waiting.count
        waiting.removeAll(keepingCapacity: true)
        guard writesUntilFolding <= 0 else { return }
        writesUntilFolding = Self.writesBetweenFoldings
        // A passive checkpoint never holds up a writer. Should it fail, the log just grows until the next.
        folder.asyncWriteWithoutTransaction { _ = try? $0.checkpoint(.passive) }
    }

    /// Folds the log into the file, so that a backup of the one file is whole.
    package func close() throws {
        try commit()
        try folder.close()
        try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try database.close()
    }
}
