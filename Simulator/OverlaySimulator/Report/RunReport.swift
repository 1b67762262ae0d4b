import Primitives

/// What a run showed: figures, curves and time lines under the names of docs/scenarios.md.
package struct RunReport: Sendable {
    /// The scenario's name.
    package var scenario: String
    /// What the scenario is about.
    package var about = ""
    package var seed: UInt64
    /// The nodes that were in the overlay, Sybils not counted.
    package var nodes: Int
    /// Whether the run came to its end; false when somebody stopped it.
    package var isComplete = true
    /// Messages that arrived, and wake-ups that did something.
    package var events = 0
    package var virtualTime = Interval.zero
    /// Equal for two runs that did the same.
    package var fingerprint = Fingerprint()
    /// All figures, in the order in which they are shown.
    package var metrics: [Metric] = []
    /// Distributions for plots.
    package var curves: [Curve] = []
    /// Time lines for plots; their times count from the start of the measured part and may be negative.
    package var series: [TimeSeries] = []
    /// What the scenario demands.
    package var thresholds: [Threshold] = []

    package init(scenario: String, seed: UInt64, nodes: Int) {
        self.scenario = scenario
        self.seed = seed
        self.nodes = nodes
    }

    /// The figure of this name; nil when the run has none, because nothing of the sort happened in it.
    package func value(of name: String) -> Double? { metrics.first { $0.name == name }?.value }

    /// How each threshold was met. One on a figure that the run does not have is not met.
    package var verdicts: [Verdict] {
        thresholds.map { threshold in
            let value = value(of: threshold.metric)
            return Verdict(threshold: threshold, value: value, isMet: value.map(threshold.isMet) ?? false)
        }
    }
}
