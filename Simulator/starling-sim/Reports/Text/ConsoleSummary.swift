/// How a run went, as the console says it.
struct ConsoleSummary {
    private let summary: RunSummary

    init(_ summary: RunSummary) { self.summary = summary }

    /// What ran, its key figures, its thresholds, and the verdict.
    var lines: [String] {
        var lines = run
        let figures = self.figures
        if !figures.isEmpty { lines += [""] + figures }
        if !summary.verdicts.isEmpty { lines += [""] + thresholds }
        return lines + ["", VerdictText(summary).description]
    }

    private var run: [String] {
        var table = TextTable([.left, .left])
        table.add(["scenario", "\(summary.scenario), seed \(summary.seed)"])
        table.add(["nodes", Double(summary.nodes).fixed(0)])
        table.add([
            "events",
            "\(Double(summary.events).fixed(0)) in \(DurationText(seconds: summary.wallSeconds)), "
                + "\(summary.eventsPerSecond.fixed(0)) a second",
        ])
        table.add(["simulated", DurationText(seconds: summary.virtualSeconds).description])
        table.add(["memory", FigureUnit.bytes.text(Double(summary.peakMemoryBytes))])
        table.add(["fingerprint", summary.fingerprint])
        return table.lines
    }

    /// Those that a scenario asks for come with their bounds below.
    private var figures: [String] {
        let demanded = Set(summary.verdicts.map(\.threshold.metric))
        var table = TextTable([.left, .right])
        for figure in KeyFigure.all where !demanded.contains(figure.metric) {
            guard let value = summary.value(of: figure.metric) else { continue }
            table.add([figure.metric, FigureUnit(metric: figure.metric).text(value)])
        }
        return table.lines
    }

    private var thresholds: [String] {
        var table = TextTable([.left, .left, .right, .left, .left])
        for verdict in summary.verdicts {
            table.add([
                verdict.isMet ? "✓" : "✗", verdict.threshold.metric, verdict.valueText, verdict.boundText,
                verdict.marginText,
            ])
        }
        return table.lines
    }
}
