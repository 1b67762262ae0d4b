import ArgumentParser

/// How a scenario is run: the arguments of `starling-sim run`.
struct RunArguments: ParsableArguments {
    @OptionGroup var scenario: ScenarioArgument

    @Option(help: "The seed of everything random, in the place of the scenario's.")
    var seed: UInt64?

    @Option(help: "Threads that share the nodes; the outcome is the same with any number.")
    var threads = 1

    @Flag(help: "Pass every message through the real codec and session encryption.")
    var wire = false

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Where the report is written: summary.json, CSV and HTML.", valueName: "dir"))
    var folder: String?

    @Flag(help: "Print no progress.")
    var quiet = false

    private static let mostThreads = 256

    func validate() throws {
        guard (1...Self.mostThreads).contains(threads) else {
            throw ValidationError("--threads is 1 to \(Self.mostThreads).")
        }
        guard folder?.isEmpty != true else { throw ValidationError("--out needs the path of a folder.") }
    }

    /// The scenario as it is to be run.
    ///
    /// - Throws: `ValidationError` with all that is wrong.
    func resolved() throws -> ReadScenario {
        try scenario.resolved(adding: seed.map { [ScenarioOverride("seed", "\($0)", flag: "--seed")] } ?? [])
    }
}
