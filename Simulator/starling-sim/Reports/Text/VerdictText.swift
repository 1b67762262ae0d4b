/// How a run went, in a line: `✓ all 6 thresholds met`, `✗ 2 of 6 thresholds missed`.
struct VerdictText: CustomStringConvertible {
    let isGood: Bool
    let description: String

    init(_ summary: RunSummary) {
        isGood = summary.isGood
        let all = summary.verdicts.count
        let missed = summary.verdicts.count { !$0.isMet }
        var parts: [String] = []
        if !summary.isComplete { parts.append("stopped before its end") }
        if all == 0 {
            parts.append("the scenario sets no thresholds")
        } else if missed == 0 {
            parts.append(all == 1 ? "the threshold is met" : "all \(all) thresholds met")
        } else {
            parts.append(all == 1 ? "the threshold is missed" : "\(missed) of \(all) thresholds missed")
        }
        description = (isGood ? "✓ " : "✗ ") + parts.joined(separator: "; ")
    }
}
