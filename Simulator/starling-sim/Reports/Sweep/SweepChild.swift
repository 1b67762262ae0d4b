import Foundation

/// A run of a sweep as a process of its own. What it says goes to `run.log` in its folder.
struct SweepChild {
    let run: SweepRun
    private let folder: URL
    private let process = Process()

    private static let logName = "run.log"

    /// Starts the process.
    ///
    /// - Throws: what Foundation says when the folder can't be written or the program can't be started.
    init(_ run: SweepRun, executable: URL, scenario: String, in sweepFolder: URL) throws {
        self.run = run
        folder = sweepFolder.appendingPathComponent(run.folder)
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        // The summary of an earlier sweep must not pass for that of a run that died.
        let summary = folder.appendingPathComponent(ReportFolder.summaryName)
        if files.fileExists(atPath: summary.path) { try files.removeItem(at: summary) }
        let log = folder.appendingPathComponent(Self.logName)
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = executable
        process.arguments = run.arguments(scenario: scenario, out: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// Asks the run to end; it still writes its report.
    func interrupt() { process.interrupt() }

    /// Ends the run at once.
    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// How the run went; it must have ended.
    var outcome: SweepOutcome {
        let summary: RunSummary
        do {
            summary = try RunSummary(path: folder.path)
        } catch {
            return .failed("\(ending), and left no summary\(lastWords)")
        }
        let mayExit: Set<Int32> = summary.isGood ? [0] : [0, 1]
        guard process.terminationReason == .exit, mayExit.contains(process.terminationStatus) else {
            return .failed("\(ending)\(lastWords)")
        }
        return .summary(summary)
    }

    private var ending: String {
        let how = process.terminationReason == .exit ? "exited with" : "died of signal"
        return "\(how) \(process.terminationStatus)"
    }

    private var lastWords: String {
        let bytes = (try? Data(contentsOf: folder.appendingPathComponent(Self.logName))) ?? Data()
        let lines = String(decoding: bytes.suffix(2_000), as: UTF8.self).split(whereSeparator: \.isNewline)
        // A wrong command line is followed by how a right one looks.
        let line = lines.last { $0.lowercased().hasPrefix("error:") } ?? lines.last
        return line.map { ": \($0.suffix(200))" } ?? ""
    }
}
