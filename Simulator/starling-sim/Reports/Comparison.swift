import OverlaySimulator

/// What two runs have in common and where they differ.
struct Comparison {
    private let first: RunSummary
    private let second: RunSummary

    init(_ first: RunSummary, _ second: RunSummary) {
        self.first = first
        self.second = second
    }

    /// The heads, all figures side by side, the thresholds whose verdict changed, and the fingerprints.
    var lines: [String] {
        heads + [""] + figures + [""] + changes + [fingerprints]
    }

    private var heads: [String] {
        var table = TextTable([.left, .left, .right, .right, .left])
        for (name, run) in [("1", first), ("2", second)] {
            table.add([
                name, run.scenario, "seed \(run.seed)", "\(Double(run.nodes).fixed(0)) nodes",
                run.isComplete ? "" : "stopped before its end",
            ])
        }
        return table.lines
    }

    private var figures: [String] {
        var table = TextTable([.left, .right, .right, .right, .right])
        table.add(["figure", "1", "2", "difference", "%"])
        for name in names {
            let unit = FigureUnit(metric: name)
            let values = (first.value(of: name), second.value(of: name))
            var row = [name, values.0.map(unit.text) ?? "–", values.1.map(unit.text) ?? "–"]
            if let one = values.0, let other = values.1 { row += Self.difference(from: one, to: other, unit) }
            table.add(row)
        }
        return table.lines
    }

    private static func difference(from one: Double, to other: Double, _ unit: FigureUnit) -> [String] {
        let difference = other - one
        guard difference != 0, difference.isFinite else { return [difference == 0 ? "=" : "–", ""] }
        let sign = difference > 0 ? "+" : "−"
        let percent = one == 0 ? "" : "\(sign)\((difference / one * 100).magnitude.briefText) %"
        return ["\(sign)\(unit.difference(difference.magnitude))", one < 0 ? "" : percent]
    }

    /// The figures of the first run in its order, then those that only the second has.
    private var names: [String] {
        let all = (first.metrics + second.metrics).map(\.name) + ["events", "events_per_second", "peak_memory_bytes"]
        var seen: Set<String> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Thresholds that one run meets and the other misses, also when their bounds differ.
    private var changes: [String] {
        var table = TextTable([.left, .left, .left, .left])
        for before in first.verdicts {
            let after = second.verdicts.first {
                $0.threshold.metric == before.threshold.metric && $0.threshold.direction == before.threshold.direction
            }
            guard let after, after.isMet != before.isMet else { continue }
            table.add([
                after.isMet ? "✓" : "✗", before.threshold.metric, after.isMet ? "is met now" : "is missed now",
                "\(after.valueText) \(after.boundText), \(after.marginText)",
            ])
        }
        let lines = table.lines
        return lines.isEmpty ? ["no threshold's verdict changed"] : lines
    }

    private var fingerprints: String {
        first.fingerprint == second.fingerprint
            ? "fingerprints equal: \(first.fingerprint)"
            : "fingerprints differ: \(first.fingerprint), \(second.fingerprint)"
    }
}
