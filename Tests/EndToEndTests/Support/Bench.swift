import Foundation
import Testing

/// A folder of its own for one test, and the programs started in it.
final class Bench: @unchecked Sendable {
    // Sound: all that changes after `init` is guarded by `lock`.

    let directory: URL
    private let lock = NSLock()
    private var programs: [RunningProgram] = []
    private var logs: [URL] = []
    private var cleanups: [@Sendable () async throws -> Void] = []

    /// How much of each transcript a failure shows; the whole of it stays in the folder.
    private static let linesShown = 40

    /// Runs `body`, then ends all that it started, whether it succeeded or not. When it failed, what was printed is
    /// shown and the folder with all of it stays behind.
    static func run(_ body: (Bench) async throws -> Void) async throws {
        let bench = try Bench()
        var failure: String?
        do {
            try await body(bench)
        } catch {
            failure = "\(error)\n\(bench.transcripts)\nAll of it lies in \(bench.directory.path)"
        }
        for cleanup in bench.lock.withLock({ bench.cleanups }).reversed() {
            do {
                try await cleanup()
            } catch {
                failure = failure ?? "at the end: \(error)\n\(bench.transcripts)"
            }
        }
        for program in bench.lock.withLock({ bench.programs }).reversed() { await program.end() }
        if let failure {
            Issue.record(Comment(rawValue: failure))
        } else {
            try? FileManager.default.removeItem(at: bench.directory)
        }
    }

    private init() throws {
        // Unix sockets have short names only (108 bytes), so this is not nested deeply.
        directory = FileManager.default.temporaryDirectory.appending(
            path: "starling-\(String(UInt64.random(in: 0..<1 << 40), radix: 36))")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Starts a program that ends with the test at the latest.
    func start(
        _ program: String, _ arguments: [String], name: String, environment: [String: String] = [:]
    ) throws -> RunningProgram {
        let started = try RunningProgram(
            program, arguments, name: name, in: directory, environment: environment)
        lock.withLock { programs.append(started) }
        return started
    }

    /// Starts a program and waits for its end; what it printed.
    /// - Throws: ``NeverHappened`` when it takes too long or does not exit with 0.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String], name: String, environment: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws -> String {
        let started = try start(program, arguments, name: name, environment: environment)
        let ending = try await started.ended(within: limit)
        guard ending == .exited(0) else {
            throw NeverHappened("\(name) did not succeed: \(ending)\n\(started.output)")
        }
        return started.output
    }

    /// Writes a file below the bench's folder.
    func write(_ text: String, to name: String) throws -> URL {
        let file = directory.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file
    }

    /// Runs `cleanup` when the test is over, before programs are ended. What it throws fails the test.
    func atEnd(_ cleanup: @escaping @Sendable () async throws -> Void) {
        lock.withLock { cleanups.append(cleanup) }
    }

    /// A file to be shown with the transcripts.
    func showOnFailure(_ log: URL) { lock.withLock { logs.append(log) } }

    private var transcripts: String {
        let (programs, logs) = lock.withLock { (self.programs, self.logs) }
        let titles = programs.map { program in
            (program.transcript, "\(program.name) (\(program.ending.map { "\($0)" } ?? "running"))")
        }
        return (titles + logs.map { ($0, $0.lastPathComponent) }).map { file, title in
            let text = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let lines = text.split(whereSeparator: \.isNewline).suffix(Self.linesShown).joined(separator: "\n    ")
            return "  \(title):\n    \(lines)"
        }.joined(separator: "\n")
    }
}
