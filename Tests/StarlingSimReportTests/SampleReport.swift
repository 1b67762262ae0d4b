import OverlaySimulator
import Primitives

@testable import starling_sim

/// A report with everything in it, of numbers that a run could have.
enum SampleReport {
    static var report: RunReport {
        var report = RunReport(scenario: "churn", seed: 18_446_744_073_709_551_615, nodes: 15_000)
        report.about =
            "Fifteen thousand nodes come and go, half of them within 30 minutes, while their users look each other up."
        report.events = 412_386_114
        report.virtualTime = .hours(24) + .minutes(7)
        report.metrics = metrics
        report.curves = curves
        report.series = series
        report.thresholds = thresholds
        return report
    }

    static var summary: RunSummary {
        RunSummary(report, wallSeconds: 371.25, threads: 2, wire: false, peakMemory: 1_934_622_720)
    }

    private static let metrics: [Metric] = [
        ("get.attempted", 1_500_000), ("get.success", 0.99_973), ("get.latency_ms.mean", 131.4),
        ("get.latency_ms.p50", 71.9), ("get.latency_ms.p90", 276.3), ("get.latency_ms.p99", 842),
        ("get.hops.mean", 2.71), ("get.messages.mean", 9.4), ("put.success", 1), ("put.latency_ms.p50", 312.5),
        ("put.latency_ms.p90", 701), ("put.messages.mean", 31.25), ("presence.delay_ms.p50", 118.2),
        ("presence.delay_ms.p99", 903), ("presence.lost", 0), ("nodes.online.mean", 14_931.4),
        ("maintenance_bytes_per_second", 172.6), ("bytes.total", 9_871_234_567), ("stale_share", 0.1713),
        ("replicas.mean", 15.2), ("forged_accepted", 0),
    ].map { Metric(name: $0.0, value: $0.1) }

    private static let thresholds = [
        Threshold(metric: "get.success", direction: .atLeast, bound: 0.995),
        Threshold(metric: "get.latency_ms.p50", direction: .atMost, bound: 75),
        Threshold(metric: "get.latency_ms.p90", direction: .atMost, bound: 270),
        Threshold(metric: "stale_share", direction: .atMost, bound: 0.2),
        Threshold(metric: "maintenance_bytes_per_second", direction: .atMost, bound: 200),
        Threshold(metric: "presence.lost", direction: .atMost, bound: 0),
    ]

    /// Straight pieces between the corners, in `steps` each.
    private static func curve(_ name: String, _ unit: String, _ corners: [(Double, Double)], steps: Int) -> Curve {
        var points: [Curve.Point] = []
        for (from, to) in zip(corners, corners.dropFirst()) {
            for step in 0..<steps {
                let part = Double(step) / Double(steps)
                points.append(
                    Curve.Point(value: from.0 + (to.0 - from.0) * part, share: from.1 + (to.1 - from.1) * part))
            }
        }
        if let last = corners.last { points.append(Curve.Point(value: last.0, share: last.1)) }
        return Curve(name: name, unit: unit, points: points)
    }

    private static var curves: [Curve] {
        [
            curve(
                "get.latency_ms", "ms",
                [
                    (2, 0), (12, 0.04), (25, 0.13), (45, 0.31), (71.9, 0.5), (110, 0.65), (180, 0.8), (276.3, 0.9),
                    (420, 0.955), (842, 0.99), (2_400, 1),
                ], steps: 12),
            curve(
                "put.latency_ms", "ms",
                [
                    (30, 0), (120, 0.06), (190, 0.2), (312.5, 0.5), (450, 0.74), (701, 0.9), (1_100, 0.97),
                    (1_900, 0.995), (3_100, 1),
                ], steps: 12),
            curve(
                "get.hops", "hops", [(1, 0.11), (2, 0.43), (3, 0.81), (4, 0.96), (5, 0.994), (6, 0.999), (7, 1)],
                steps: 1),
            curve(
                "put.hops", "hops", [(1, 0.03), (2, 0.29), (3, 0.7), (4, 0.93), (5, 0.985), (6, 0.998), (7, 1)],
                steps: 1),
            curve(
                "presence.delay_ms", "ms",
                [(9, 0), (40, 0.1), (118.2, 0.5), (240, 0.8), (410, 0.93), (903, 0.99), (1_600, 1)], steps: 10),
        ]
    }

    /// A value each ten minutes from a quarter of an hour before the measured part to its end.
    private static func series(_ name: String, _ unit: String, _ value: (Double, inout RandomSource) -> Double)
        -> TimeSeries
    {
        var random = RandomSource(seed: UInt64(name.utf8.count))
        let points = stride(from: -900.0, through: 86_400, by: 600).map { seconds in
            TimeSeries.Point(seconds: seconds, value: value(seconds, &random))
        }
        return TimeSeries(name: name, unit: unit, points: points)
    }

    private static func noise(_ size: Double, _ random: inout RandomSource) -> Double {
        size * (Double(random.next() >> 11) / 9_007_199_254_740_992 - 0.5)
    }

    /// 1 at noon, 0 at midnight.
    private static func day(_ seconds: Double) -> Double {
        let half = (seconds / 43_200).truncatingRemainder(dividingBy: 2)
        let rise = half <= 1 ? max(0, half) : 2 - half
        return rise * rise * (3 - 2 * rise)
    }

    private static var series: [TimeSeries] {
        let kinds: [(String, Double)] = [
            ("ping", 22), ("find_nodes", 61), ("find_record", 38), ("store", 27), ("store_reply", 9), ("watch", 12),
            ("changed", 7), ("handshake", 33), ("reflect", 3), ("leave", 1.5),
        ]
        return [
            series("get.success", "share") { 0.9997 - 0.0022 * day($0) + noise(0.0006, &$1) },
            series("put.success", "share") { 0.99_985 - 0.0008 * day($0) + noise(0.0002, &$1) },
        ]
            + kinds.map { kind, rate in
                series("bytes.\(kind)", "bytes/s") { rate * (0.7 + 0.6 * day($0)) + noise(rate / 6, &$1) }
            } + [
                series("stale_share", "share") { 0.13 + 0.05 * day($0) + noise(0.012, &$1) },
                series("replicas.mean", "replicas") { 15.6 - 0.6 * day($0) + noise(0.2, &$1) },
                series("replicas.p10", "replicas") { 13 - 1.5 * day($0) + noise(0.5, &$1) },
                series("nodes.online", "nodes") { 14_600 + 700 * day($0) + noise(160, &$1) },
                series("presence.delay_ms.p50", "ms") { 110 + 20 * day($0) + noise(12, &$1) },
                series("presence.delay_ms.p99", "ms") { 720 + 240 * day($0) + noise(120, &$1) },
                series("memory", "MB") { 1_310 + 0.0071 * $0 + noise(14, &$1) },
            ]
    }
}
