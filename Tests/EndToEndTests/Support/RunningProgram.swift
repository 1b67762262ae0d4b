import Foundation
import Glibc

/// A program that a test started, with everything it has printed.
///
/// Its output goes to a file, so nothing is lost and nobody has to keep reading for it to go on.
final class RunningProgram: @unchecked Sendable {
    // Sound: all that changes after `init` is guarded by `lock`.

    let name: String
    let processID: pid_t
    let transcript: URL
    private let lock = NSLock()
    private var input: Int32
    private var end: Ending?

    /// How a program ended.
    enum Ending: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// - Parameters:
    ///   - program: a path, or a name to be found in PATH.
    ///   - environment: added to this process's own.
    init(
        _ program: String, _ arguments: [String], name: String, in directory: URL, environment: [String: String] = [:]
    ) throws {
        self.name = name
        transcript = directory.appending(path: "\(name).out")
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXFailure("pipe", errno) }
        // Another program that held the writing end would keep this one from ever reading its end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        input = ends[1]
        defer { close(ends[0]) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, transcript.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This process ignores SIGPIPE, and a child must not inherit that.
        signal(SIGPIPE, SIG_IGN)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // Nor the signals that a thread of the pool blocks, SIGTERM among them.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        // A process group of its own, so that what it starts can be ended with it.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var child: pid_t = 0
        // `env` changes the folder and then becomes the program.
        let code = withCStrings(["env", "-C", directory.path, program] + arguments) { argv in
            withCStrings(variables.sorted()) { envp in
                posix_spawn(&child, "/usr/bin/env", &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else {
            close(ends[1])
            throw POSIXFailure("starting \(program)", code)
        }
        processID = child
    }

    /// All that the program has printed, errors included.
    var output: String {
        (try? Data(contentsOf: transcript)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Types a line at the program.
    func type(_ line: String) {
        lock.withLock {
            var bytes = Array((line + "\n").utf8)[...]
            while input >= 0, !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
                guard count > 0 else { return }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// How it ended; nil while it runs.
    var ending: Ending? {
        lock.withLock {
            if let end { return end }
            var status: Int32 = 0
            guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
            let signal = status & 0x7F
            end = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
            if input >= 0 { close(input) }
            input = -1
            return end
        }
    }

    func send(signal number: Int32) {
        if ending == nil { kill(processID, number) }
    }

    /// Waits until the program has ended.
    @discardableResult
    func ended(within limit: Duration = .seconds(60)) async throws -> Ending {
        try await eventually("\(name) ends", within: limit) { ending != nil }
        return ending!
    }

    /// Ends the program and all that it started, whatever it takes.
    func end(patience: Duration = .seconds(3)) async {
        send(signal: SIGTERM)
        let clock = ContinuousClock()
        let limit = clock.now + patience
        while ending == nil, clock.now < limit { try? await Task.sleep(for: .milliseconds(20)) }
        kill(-processID, SIGKILL)
        while ending == nil { try? await Task.sleep(for: .milliseconds(5)) }
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
