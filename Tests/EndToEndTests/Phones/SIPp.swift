import Foundation

/// SIPp, playing one scenario many times over.
struct SIPp {
    /// What SIPp itself counted.
    struct Count: Equatable {
        var successful: Int
        var failed: Int
    }

    let program: RunningProgram
    private let statistics: URL

    /// - Parameters:
    ///   - scenario: a file in Scenarios, without `.xml`.
    ///   - rows: what its fields are filled from, one row for each time it is played.
    ///   - times: how often it is played.
    ///   - rate: how many begin in a second.
    ///   - transport: `udp` or `tcp`.
    init(
        _ scenario: String, name: String, rows: [[String]] = [], times: Int, rate: Int = 100,
        transport: String = "udp", from port: UInt16, to server: String, on bench: Bench
    ) throws {
        guard let file = Bundle.module.url(forResource: "Scenarios/\(scenario)", withExtension: "xml") else {
            throw NeverHappened("there is no scenario \(scenario)")
        }
        try self.init(
            playing: file, name: name, rows: rows, times: times, rate: rate, transport: transport, from: port,
            to: server, on: bench)
    }

    /// Plays a script once.
    init(
        script: SIPpScript, name: String, rows: [[String]], transport: String, from port: UInt16, to server: String,
        on bench: Bench
    ) throws {
        try self.init(
            playing: try bench.write(script.text, to: "\(name).xml"), name: name, rows: rows, times: 1, rate: 1,
            transport: transport, from: port, to: server, on: bench)
    }

    private init(
        playing file: URL, name: String, rows: [[String]], times: Int, rate: Int, transport: String, from port: UInt16,
        to server: String, on bench: Bench
    ) throws {
        statistics = bench.directory.appending(path: "\(name).csv")
        // A busy machine has requests sent again, and answers come twice: SIPp has no transactions that would absorb them.
        // What should come and doesn't still fails.
        var arguments = [
            "-sf", file.path, "-t", transport == "tcp" ? "t1" : "u1", "-m", "\(times)", "-r", "\(rate)", "-i",
            "127.0.0.1", "-p", "\(port)",
            "-mp", "\(FreePorts.shared.row(of: 4))", "-default_behaviors", "all,-abortunexp", "-nostdin", "-timeout",
            "180s", "-timeout_error",
            "-trace_stat", "-stf", statistics.path, "-fd", "1", "-trace_err", "-error_file", "\(name).errors",
            "-trace_msg", "-message_file", "\(name).messages",
        ]
        if !rows.isEmpty {
            let text = "SEQUENTIAL\n" + rows.map { $0.joined(separator: ";") + "\n" }.joined()
            arguments += ["-inf", try bench.write(text, to: "\(name).rows").path]
        }
        program = try bench.start("sipp", arguments + [server], name: name)
    }

    /// The field of a row that makes SIPp answer a challenge.
    static func credentials(user: String, password: String) -> String {
        "[authentication username=\(user) password=\(password)]"
    }

    /// Waits for the end, which is to be that it was played as written.
    func succeeds(on bench: Bench) async throws {
        let count = try await finished()
        guard count.failed == 0, count.successful > 0 else {
            throw NeverHappened(
                "\(program.name) did not go as written: \(count)\n\(Self.messages(of: program.name, on: bench))")
        }
    }

    /// Waits for the end and reads the count.
    func finished(within limit: Duration = .seconds(200)) async throws -> Count {
        try await program.ended(within: limit)
        let lines = (try? String(contentsOf: statistics, encoding: .utf8))?.split(whereSeparator: \.isNewline) ?? []
        guard let head = lines.first?.split(separator: ";", omittingEmptySubsequences: false),
            let last = lines.last?.split(separator: ";", omittingEmptySubsequences: false), lines.count > 1,
            let successful = head.firstIndex(of: "SuccessfulCall(C)"), let failed = head.firstIndex(of: "FailedCall(C)")
        else { throw NeverHappened("SIPp kept no count:\n\(program.output)") }
        return Count(successful: Int(last[successful]) ?? -1, failed: Int(last[failed]) ?? -1)
    }

    /// Every message that went over its wire, in order, while it ran under `name`.
    static func messages(of name: String, on bench: Bench) -> String {
        (try? String(contentsOf: bench.directory.appending(path: "\(name).messages"), encoding: .utf8)) ?? ""
    }
}
