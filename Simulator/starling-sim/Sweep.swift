import ArgumentParser
import Foundation

/// `starling-sim sweep`: a scenario with many seeds and settings, each run a process of its own.
struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a scenario with several seeds and settings, side by side.",
        discussion: """
            Prints a row for each combination of settings: the median of each figure over the seeds, and in brackets \
            the least and the greatest. The reports of all runs, sweep.csv (the table) and runs.csv (every run) stand \
            in the folder. It exits with 1 when a run failed or missed a threshold. Ctrl-C ends the runs.
            """)

    @Argument(help: "A built-in scenario's name, or a scenario file.")
    var scenario: String

    @Option(
        help: "Seeds: 7, or 1...20, or 1,2,5...9.",
        transform: {
            guard let list = SeedList($0) else { throw ValidationError("“\($0)” is no list of seeds.") }
            return list
        })
    var seeds: SeedList

    @Option(
        help: ArgumentHelp("A setting and its values; given again, all combinations run.", valueName: "key=a,b,c"),
        transform: {
            guard let variation = Variation($0) else { throw ValidationError("“\($0)” is not of the form key=a,b.") }
            return variation
        })
    var vary: [Variation] = []

    @Option(help: "A figure to show; given again, several. Those of the thresholds when none is given.")
    var metric: [String] = []

    @Option(help: "The folder for all that is written (default: the scenario's name and “-sweep”).")
    var out: String?

    @Option(help: "How many runs go side by side (default: one for each processor).")
    var jobs: Int?

    @Flag(help: "Print no progress.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs is 1 to 1024.") }
        if Set(vary.map(\.key)).count < vary.count { throw ValidationError("--vary names a setting twice.") }
    }

    func run() throws {
        let plan = SweepPlan(variations: vary, seeds: seeds.seeds)
        let name = URL(fileURLWithPath: scenario).deletingPathExtension().lastPathComponent
        let folder = URL(fileURLWithPath: out ?? "\(name)-sweep")
        guard let program = Bundle.main.executableURL else {
            throw ValidationError("the path of this program is not known.")
        }
        let runner = SweepRunner(
            executable: program, scenario: scenario, folder: folder,
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let runs = plan.runs
        let meter = SweepMeter(isQuiet: quiet, total: runs.count)
        StopSignal.watch()
        let outcomes = runner.outcomes(of: runs, stops: { StopSignal.count }, progress: meter.show)
        meter.end()
        let table = SweepTable(plan: plan, results: Array(zip(runs, outcomes)), metrics: metric)
        let complaints = table.complaints
        print((table.lines + (complaints.isEmpty ? [] : [""] + complaints)).joined(separator: "\n"))
        try Data(table.csv.text.utf8).write(to: folder.appendingPathComponent("sweep.csv"))
        try Data(table.runsCSV.text.utf8).write(to: folder.appendingPathComponent("runs.csv"))
        if !complaints.isEmpty { throw ExitCode.failure }
    }
}
