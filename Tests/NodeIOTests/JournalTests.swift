import Foundation
import Glibc
import NodeIO
import OverlayNode
import Testing

@Suite struct JournalTests {
    @Test func entriesOutliveTheJournalInOrder() throws {
        let directory = TemporaryDirectory()
        let entries = [
            JournalEntry(room: .domain, key: [1], value: []),
            JournalEntry(room: .account, key: [0, 255], value: [7, 0, 7]),
            JournalEntry(room: .account, key: [9], value: Array(repeating: 3, count: 70_000)),
        ]
        let journal = try Journal(directory.data)
        for entry in entries.reversed() { journal.put(entry) }
        #expect(journal.hasUncommittedWrites)
        try journal.commit()
        #expect(!journal.hasUncommittedWrites)
        try journal.close()
        #expect(try Journal(directory.data).load() == entries)
    }

    @Test func theLastWriteToAKeyHolds() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory.data)
        journal.put(JournalEntry(room: .binding, key: [1], value: [1]))
        journal.put(JournalEntry(room: .binding, key: [1], value: [2]))
        journal.put(JournalEntry(room: .binding, key: [2], value: [1]))
        journal.remove(.binding, key: [2])
        journal.remove(.binding, key: [3])
        // The same key in another room is another entry.
        journal.put(JournalEntry(room: .publication, key: [2], value: [9]))
        try journal.commit()
        #expect(
            try journal.load() == [
                JournalEntry(room: .binding, key: [1], value: [2]),
                JournalEntry(room: .publication, key: [2], value: [9]),
            ])
    }

    @Test func whatWasNotCommittedIsNotThere() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory.data)
        journal.put(JournalEntry(room: .binding, key: [1], value: [1]))
        #expect(try Journal(directory.data).load().isEmpty)
    }

    @Test func filesAreForTheirOwnerAlone() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory.data)
        journal.put(JournalEntry(room: .binding, key: [1], value: [1]))
        try journal.commit()
        for suffix in ["", "-wal", "-shm"] {
            #expect(PrivateFile.mode(of: directory.data.journalPath + suffix) == 0o600, "journal.sqlite\(suffix)")
        }
    }

    @Test func aRoomThatIsNewGetsItsTable() throws {
        let directory = TemporaryDirectory()
        let old = try Journal(directory.data, rooms: [.domain])
        old.put(JournalEntry(room: .domain, key: [1], value: [1]))
        try old.close()
        let new = try Journal(directory.data, rooms: [.domain, .contact])
        new.put(JournalEntry(room: .contact, key: [2], value: [2]))
        try new.commit()
        #expect(try new.load().count == 2)
    }

    @Test func aNewerVersionsJournalIsRefused() throws {
        let directory = TemporaryDirectory()
        try Journal(directory.data, rooms: [.domain, .contact]).close()
        #expect(throws: StorageError.writtenByNewerVersion(directory.data.journalPath)) {
            try Journal(directory.data, rooms: [.domain])
        }
    }

    @Test func aDamagedJournalIsRefused() throws {
        let directory = TemporaryDirectory()
        try PrivateFile.create(directory.data.journalPath, Array(repeating: 65, count: 8_192))
        #expect(throws: StorageError.self) { try Journal(directory.data) }
    }

    /// A child process commits as fast as it can, notes each commit that was acknowledged, and is killed in the middle.
    @Test(arguments: [1, 2, 3]) func nothingAcknowledgedIsLostByAKill(round: Int) async throws {
        let directory = TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
            let journal = try Journal(DataDirectory(path))
            let notes = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            var number: UInt32 = 0
            while true {
                // Two entries that are there both or not at all.
                let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
                journal.put(JournalEntry(room: .binding, key: bytes, value: bytes))
                journal.put(JournalEntry(room: .publication, key: bytes, value: bytes))
                try journal.commit()
                _ = write(notes, [1], 1)
                number += 1
                // Another thread kills at a moment that has nothing to do with where the writing is.
                if number == 10 {
                    Thread {
                        usleep(UInt32(20_000 + round * 7_001))
                        kill(getpid(), SIGKILL)
                    }.start()
                }
            }
        }
        let acknowledged = try #require(try PrivateFile.read(path + "/acknowledged", limit: 1 << 26)).count
        let entries = try Journal(directory.data).load()
        let bindings = entries.filter { $0.room == .binding }.map(\.key)
        #expect(acknowledged >= 10)
        #expect(bindings.count >= acknowledged)
        #expect(bindings.count <= acknowledged + 1)
        #expect(entries.filter { $0.room == .publication }.map(\.key) == bindings)
    }
}
