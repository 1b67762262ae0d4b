import Glibc
import NodeIO
import OverlayNode
import Primitives
import Testing

@Suite(.timeLimit(.minutes(2))) struct FullDiskTests {
    /// A node whose journal can't grow any more gives up; all that it acknowledged before is there.
    @Test func aNodeThatCannotKeepWhatItAcknowledgesGivesUp() async throws {
        let directory = TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            let node = try await RunningNode.start(
                NodeConfiguration(overlay: Endpoint(address: .loopback, port: 0)), in: DataDirectory(path),
                observe: { _ in })
            for await reply in node.replies(to: .domainCreate(name: "example.org")) {
                guard case .done = reply else { exit(2) }
            }
            let size = rlim_t(1 << 20)
            var limit = rlimit(rlim_cur: size, rlim_max: size)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let notes = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            for number in 0..<10_000 {
                let user = Command.userAdd(addressOfRecord: "user\(number)@example.org", password: "a password")
                for await reply in node.replies(to: user) {
                    if case .password = reply { write(notes, [1], 1) }
                    guard case .failed = reply else { continue }
                    do {
                        try await node.waitUntilEnded()
                        exit(3)
                    } catch let failure as NodeFailure {
                        exit(failure.description.contains("can't be written") ? 0 : 4)
                    }
                }
            }
            exit(5)
        }
        let acknowledged = try #require(try PrivateFile.read(path + "/acknowledged")).count
        let node = try OfflineNode(directory.data)
        guard case .users(let users) = try node.perform(.userList) else {
            Issue.record("no list of users came")
            return
        }
        #expect(acknowledged > 0)
        #expect(users.count >= acknowledged)
        try node.close()
    }
}
