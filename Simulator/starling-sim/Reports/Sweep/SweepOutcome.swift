import OverlaySimulator

/// How a run of a sweep ended.
enum SweepOutcome: Equatable {
    /// It left a summary; whether it met its thresholds stands there.
    case summary(RunSummary)
    /// It left none, or went wrong after it.
    case failed(String)
    /// The sweep was stopped before the run had ended.
    case stopped

    var summary: RunSummary? {
        if case .summary(let summary) = self { summary } else { nil }
    }

    /// What is wrong with the run; nil when nothing is.
    var complaint: String? {
        switch self {
        case .failed(let reason): reason
        case .stopped: "stopped"
        case .summary(let summary):
            if summary.isGood {
                nil
            } else if !summary.isComplete {
                "stopped before its end"
            } else {
                summary.verdicts.filter { !$0.isMet }
                    .map { "\($0.threshold.metric) \($0.valueText), \($0.boundText), \($0.marginText)" }
                    .joined(separator: "; ")
            }
        }
    }
}
