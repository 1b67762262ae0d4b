import OverlaySimulator

extension Verdict {
    /// How far the value is on the right side of the bound; below zero when it is on the wrong one.
    var margin: Double? {
        value.map { threshold.direction == .atMost ? threshold.bound - $0 : $0 - threshold.bound }
    }

    /// `≤ 75 ms`.
    var boundText: String {
        let sign = threshold.direction == .atMost ? "≤" : "≥"
        return "\(sign) \(FigureUnit(metric: threshold.metric).text(threshold.bound))"
    }

    /// `72 ms`, or that there is none.
    var valueText: String { value.map(FigureUnit(metric: threshold.metric).text) ?? "no such figure" }

    /// By how much the bound is met or missed: `3 ms to spare (4 %)`, `missed by 5.1 ms (6.8 %)`.
    var marginText: String {
        guard let margin, margin.isFinite else { return "missed: nothing was measured" }
        if margin == 0 { return "exactly at the bound" }
        var distance = FigureUnit(metric: threshold.metric).difference(margin.magnitude)
        if threshold.bound != 0, FigureUnit(metric: threshold.metric) != .share {
            distance += " (\((margin / threshold.bound * 100).magnitude.briefText) %)"
        }
        return isMet ? "\(distance) to spare" : "missed by \(distance)"
    }
}
