import OverlaySimulator
import Testing

@testable import starling_sim

struct ComparisonTests {
    private var changed: RunSummary {
        var report = SampleReport.report
        report.metrics[4] = Metric(name: "get.latency_ms.p90", value: 262)
        report.metrics.removeAll { $0.name == "put.success" }
        report.metrics.append(Metric(name: "new", value: 1))
        return RunSummary(report, wallSeconds: 742.5, threads: 2, wire: false, peakMemory: 1_934_622_720)
    }

    private func row(_ name: String, in lines: [String]) -> [String] {
        let line = lines.first { $0.hasPrefix(name + " ") } ?? ""
        return line.split(separator: " ").map(String.init)
    }

    @Test func showsBothValuesAndTheirDistance() {
        let lines = Comparison(SampleReport.summary, changed).lines
        #expect(
            row("get.latency_ms.p90", in: lines).dropFirst() == ["276", "ms", "262", "ms", "−14.3", "ms", "−5.18", "%"])
        #expect(row("get.latency_ms.p50", in: lines).dropFirst() == ["71.9", "ms", "71.9", "ms", "="])
        #expect(row("put.success", in: lines).dropFirst() == ["100", "%", "–"])
        #expect(row("new", in: lines).dropFirst() == ["–", "1"])
        #expect(row("events_per_second", in: lines).suffix(2) == ["−50", "%"])
        #expect(lines.contains { $0.hasPrefix("✓  get.latency_ms.p90  is met now") })
        #expect(lines.last == "fingerprints equal: cbf29ce484222325")
    }

    @Test func saysWhenNothingChangedAndWhenPrintsDiffer() {
        var other = SampleReport.summary
        other.fingerprint = "0123456789abcdef"
        let lines = Comparison(SampleReport.summary, other).lines
        #expect(lines.contains("no threshold's verdict changed"))
        #expect(lines.last == "fingerprints differ: cbf29ce484222325, 0123456789abcdef")
    }

    @Test func marksWhatIsMissedNow() {
        let lines = Comparison(changed, SampleReport.summary).lines
        #expect(lines.contains { $0.hasPrefix("✗  get.latency_ms.p90  is missed now") })
    }
}
