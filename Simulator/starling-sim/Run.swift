import ArgumentParser
import OverlaySimulator

/// `starling-sim run`: join, store, find, and say how it went. It exits with 1 when something was not found.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let nodes join, store records and find them again.",
        discussion: "The same options and seed give the same run, and print the same fingerprint.")

    @Option(help: "Nodes of the overlay.")
    var nodes = 1_000

    @Option(help: "Records that are stored and then found.")
    var records = 1_000

    @Option(help: "The seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "Share of messages that are lost, 0 to 1.")
    var loss = 0.0

    @Option(help: "Share of nodes that die after the records were stored, 0 to 1.")
    var deaths = 0.0

    @Option(help: "Holders that must have answered before a lookup ends.")
    var quorum = 2

    @Flag(help: "Print no progress.")
    var quiet = false

    func validate() throws {
        guard (1...OverlaySimulation.mostNodes).contains(nodes) else {
            throw ValidationError("--nodes is 1 to \(OverlaySimulation.mostNodes).")
        }
        guard (0...1_000_000).contains(records) else { throw ValidationError("--records is 0 to 1000000.") }
        guard (0...1).contains(loss), (0..<1).contains(deaths) else {
            throw ValidationError("--loss is a share of 0 to 1, --deaths one below 1.")
        }
        guard (1...16).contains(quorum) else { throw ValidationError("--quorum is 1 to 16.") }
    }

    func run() throws {
        var plan = SimulationPlan()
        plan.nodes = nodes
        plan.records = records
        plan.seed = seed
        plan.loss = loss
        plan.deaths = deaths
        plan.quorum = quorum
        var simulation = OverlaySimulation(plan: plan)
        let clock = ContinuousClock()
        let start = clock.now
        var meter = ProgressMeter(isQuiet: quiet)
        let report = simulation.run { meter.show($0, after: start.duration(to: clock.now)) }
        meter.end()
        Summary(report: report, elapsed: start.duration(to: clock.now)).show()
        if report.joined < nodes || report.stores.success < 1 || report.lookups.success < 1 {
            throw ExitCode.failure
        }
    }
}
