import ArgumentParser
import Foundation

/// `starling-sim compare`: two runs side by side.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the figures of two runs side by side.",
        discussion: "It exits with 1 when a summary can't be read, whatever the figures are.")

    @Argument(help: "The folder that a run wrote, or its summary.json.")
    var first: String

    @Argument(help: "The folder of the other run.")
    var second: String

    func run() throws {
        do {
            let comparison = try Comparison(RunSummary(path: first), RunSummary(path: second))
            print(comparison.lines.joined(separator: "\n"))
        } catch {
            FileHandle.standardError.write(Data("starling-sim: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
