import Glibc
import NodeIO
import Primitives
import Testing

@Suite struct DataDirectoryTests {
    @Test func aNewDirectoryIsMadeForItsOwnerAlone() throws {
        let base = TemporaryDirectory()
        let directory = DataDirectory(base.path + "/node/")
        defer { rmdir(directory.path) }
        try directory.prepare()
        #expect(directory.path == base.path + "/node")
        #expect(PrivateFile.mode(of: directory.path) == 0o700)
        #expect(!directory.isInUse)
    }

    @Test func anEmptyDirectoryIsClosedToOthers() throws {
        let directory = TemporaryDirectory()
        chmod(directory.path, 0o755)
        try directory.data.prepare()
        #expect(PrivateFile.mode(of: directory.path) == 0o700)
    }

    @Test func aDirectoryInUseThatOthersMayEnterIsRefused() throws {
        let directory = TemporaryDirectory()
        try PrivateFile.create(directory.path + "/letter", [1])
        chmod(directory.path, 0o750)
        #expect(throws: StorageError.directoryOpenToOthers(directory.path, mode: 0o750)) {
            try directory.data.prepare()
        }
        #expect(PrivateFile.mode(of: directory.path) == 0o750)
    }

    @Test func aFileIsNoDirectory() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/file"
        try PrivateFile.create(path, [1])
        #expect(throws: StorageError.notADirectory(path)) { try DataDirectory(path).prepare() }
    }

    @Test func twoNodesCannotShareADirectory() throws {
        let directory = TemporaryDirectory()
        let lock = try DirectoryLock(directory.data)
        let error = #expect(throws: StorageError.self) { try DirectoryLock(directory.data) }
        #expect(error == .inUse(directory.path, process: Int(getpid())))
        #expect("\(error!)".contains("process \(getpid())"))
        withExtendedLifetime(lock) {}
    }

    @Test func theLockIsFreeAfterItsHolder() throws {
        let directory = TemporaryDirectory()
        do { _ = try DirectoryLock(directory.data) }
        _ = try DirectoryLock(directory.data)
    }

    @Test func theKeyIsMadeOnceAndKept() throws {
        let directory = TemporaryDirectory()
        var random = RandomSource(seed: 1)
        let first = try NodeKeyFile.loadOrCreate(in: directory.data, random: &random)
        let second = try NodeKeyFile.loadOrCreate(in: directory.data, random: &random)
        #expect(first.count == 32)
        #expect(first == second)
        #expect(PrivateFile.mode(of: directory.data.nodeKeyPath) == 0o600)
        #expect(directory.data.isInUse)
    }

    @Test(arguments: [0o640, 0o604, 0o644] as [mode_t])
    func aKeyThatOthersMayReadIsRefused(mode: mode_t) throws {
        let directory = TemporaryDirectory()
        var random = RandomSource(seed: 1)
        _ = try NodeKeyFile.loadOrCreate(in: directory.data, random: &random)
        chmod(directory.data.nodeKeyPath, mode)
        let error = #expect(throws: StorageError.self) {
            try NodeKeyFile.loadOrCreate(in: directory.data, random: &random)
        }
        #expect(error == .keyOpenToOthers(directory.data.nodeKeyPath, mode: mode))
        #expect("\(error!)".contains("chmod 600"))
    }

    @Test(arguments: ["", "zz", "abcd\n", String(repeating: "g", count: 64)])
    func whatIsNoKeyIsRefusedAndKept(text: String) throws {
        let directory = TemporaryDirectory()
        var random = RandomSource(seed: 1)
        try PrivateFile.create(directory.data.nodeKeyPath, Array(text.utf8))
        #expect(throws: StorageError.malformedKey(directory.data.nodeKeyPath)) {
            try NodeKeyFile.loadOrCreate(in: directory.data, random: &random)
        }
        #expect(try PrivateFile.read(directory.data.nodeKeyPath) == Array(text.utf8))
    }
}
