import ArgumentParser

/// The simulator's command line.
struct StarlingSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "starling-sim",
        abstract: "Runs an overlay of many real nodes under virtual time.",
        subcommands: [Run.self, ListScenarios.self, ShowScenario.self, Compare.self, Sweep.self])
}
