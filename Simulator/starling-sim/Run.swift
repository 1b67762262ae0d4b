import ArgumentParser
import Foundation
import OverlaySimulator

/// `starling-sim run`: run a scenario, say how it went, and whether it showed what it must.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a scenario.",
        discussion: """
            One scenario and one seed give one run with one fingerprint, on any number of threads, with or without \
            --wire. Exits with 1 when a threshold of the scenario was missed, and says which and by how much. \
            Ctrl-C ends the run; what it showed so far is written all the same.
            """)

    @OptionGroup var arguments: RunArguments

    func run() throws {
        let read = try arguments.resolved()
        for notice in read.notices { FileHandle.standardError.write(Data("\(notice)\n".utf8)) }
        StopSignal.watch()
        let clock = ContinuousClock()
        let start = clock.now
        var meter = ProgressMeter(isQuiet: arguments.quiet)
        let simulation = Simulation(
            read.scenario, threads: arguments.threads, isWire: arguments.wire, host: SimulationHost.make())
        let report = simulation.run { meter.show($0, after: start.duration(to: clock.now)) }
        meter.end()
        let wall = start.duration(to: clock.now).seconds
        let memory = SimulationHost.peakMemory
        let summary = RunSummary(
            report, wallSeconds: wall, threads: arguments.threads, wire: arguments.wire, peakMemory: memory)
        print(ConsoleSummary(summary).lines.joined(separator: "\n"))
        if let folder = arguments.folder {
            try ReportFolder(URL(filePath: folder)).write(
                report, wallSeconds: wall, threads: arguments.threads, wire: arguments.wire, peakMemory: memory)
        }
        if !summary.isGood { throw ExitCode.failure }
    }
}
