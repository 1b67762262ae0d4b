import OverlaySimulator

/// What the runs of a sweep showed, a row for each combination of settings.
struct SweepTable {
    private let plan: SweepPlan
    /// In the order of the plan's runs.
    private let results: [(run: SweepRun, outcome: SweepOutcome)]
    private let metrics: [String]

    /// - Parameter metrics: which figures are shown; those of the scenario's thresholds when it is empty.
    init(plan: SweepPlan, results: [(run: SweepRun, outcome: SweepOutcome)], metrics: [String]) {
        self.plan = plan
        self.results = results
        guard metrics.isEmpty else {
            self.metrics = metrics
            return
        }
        let demanded = results.flatMap { $0.outcome.summary?.verdicts.map(\.threshold.metric) ?? [] }
        var seen: Set<String> = []
        self.metrics = demanded.filter { seen.insert($0).inserted }
    }

    /// The table for the console: with each figure its median, and the least and the greatest of more than one seed.
    var lines: [String] {
        let keys = plan.variations.map(\.key)
        var table = TextTable(
            keys.map { _ in .left } + [.right] + metrics.flatMap { _ in [.right, .left] as [TextTable.Alignment] })
        table.add(keys + ["good"] + metrics.flatMap { [$0, ""] })
        for settings in plan.combinations {
            let runs = results.filter { $0.run.settings == settings }
            let good = runs.count { $0.outcome.complaint == nil }
            var row = settings.map(\.value) + ["\(good)/\(runs.count)"]
            for metric in metrics {
                let unit = FigureUnit(metric: metric)
                guard let statistics = Self.statistics(of: metric, in: runs) else {
                    row += ["–", ""]
                    continue
                }
                row.append(unit.text(statistics.median))
                row.append(
                    statistics.least == statistics.greatest
                        ? "" : "(\(unit.text(statistics.least)) to \(unit.text(statistics.greatest)))")
            }
            table.add(row)
        }
        return table.lines
    }

    /// The runs that missed something or failed, each with what is wrong.
    var complaints: [String] {
        results.compactMap { result in
            result.outcome.complaint.map { "✗ \(result.run.name): \($0)" }
        }
    }

    /// sweep.csv: the table, a line for each combination and figure.
    var csv: CSVTable {
        var table = CSVTable(plan.variations.map(\.key) + ["metric", "runs", "good", "median", "min", "max"])
        for settings in plan.combinations {
            let runs = results.filter { $0.run.settings == settings }
            let good = runs.count { $0.outcome.complaint == nil }
            for metric in metrics {
                let found = Self.statistics(of: metric, in: runs)
                let values = [found?.median, found?.least, found?.greatest].map { $0?.exactText ?? "" }
                table.add(settings.map(\.value) + [metric, String(runs.count), String(good)] + values)
            }
        }
        return table
    }

    /// runs.csv: a line for each run, with the figures of the table.
    var runsCSV: CSVTable {
        var table = CSVTable(plan.variations.map(\.key) + ["seed", "good", "fingerprint"] + metrics)
        for result in results {
            let summary = result.outcome.summary
            table.add(
                result.run.settings.map(\.value)
                    + [
                        String(result.run.seed), String(result.outcome.complaint == nil),
                        summary?.fingerprint ?? "",
                    ] + metrics.map { summary?.value(of: $0)?.exactText ?? "" })
        }
        return table
    }

    private static func statistics(
        of metric: String, in runs: [(run: SweepRun, outcome: SweepOutcome)]
    ) -> SweepStatistics? {
        SweepStatistics(runs.compactMap { $0.outcome.summary?.value(of: metric) })
    }
}
