import OverlaySimulator

/// What summary.json says of a run, the page and the console at their heads.
struct RunSummary: Equatable {
    var scenario: String
    var seed: UInt64
    var nodes: Int
    /// false when somebody stopped the run before its end.
    var isComplete: Bool
    var events: Int
    var virtualSeconds: Double
    var wallSeconds: Double
    var threads: Int
    /// Whether every message went through the real codec and encryption.
    var wire: Bool
    var peakMemoryBytes: Int
    var fingerprint: String
    var metrics: [Metric]
    /// How each threshold was met, also one on a figure of the machine: ``value(of:)``.
    var verdicts: [Verdict]

    init(_ report: RunReport, wallSeconds: Double, threads: Int, wire: Bool, peakMemory: Int) {
        scenario = report.scenario
        seed = report.seed
        nodes = report.nodes
        isComplete = report.isComplete
        events = report.events
        virtualSeconds = report.virtualTime.inSeconds
        self.wallSeconds = wallSeconds
        self.threads = threads
        self.wire = wire
        peakMemoryBytes = peakMemory
        fingerprint = report.fingerprint.description
        metrics = report.metrics
        // Not those of the report, which knows nothing of the machine.
        verdicts = []
        verdicts = report.thresholds.map { threshold in
            let value = value(of: threshold.metric)
            return Verdict(threshold: threshold, value: value, isMet: value.map(threshold.isMet) ?? false)
        }
    }

    /// Events for each second of the clock on the wall.
    var eventsPerSecond: Double { wallSeconds > 0 ? Double(events) / wallSeconds : 0 }

    /// Whether the run came to its end and met all that its scenario demands.
    var isGood: Bool { isComplete && verdicts.allSatisfy(\.isMet) }

    /// The figure of this name, be it a metric or one that the head of summary.json holds.
    func value(of name: String) -> Double? {
        switch name {
        case "nodes": Double(nodes)
        case "events": Double(events)
        case "events_per_second": eventsPerSecond
        case "virtual_seconds": virtualSeconds
        case "wall_seconds": wallSeconds
        case "peak_memory_bytes": Double(peakMemoryBytes)
        default: metrics.first { $0.name == name }?.value
        }
    }
}
