import OverlaySimulator
import Primitives
import Testing

@testable import starling_sim

struct TextTests {
    @Test(
        arguments: [
            (0, "0"), (75, "75"), (71.93, "71.9"), (1_070.6, "1,071"), (0.03124, "0.0312"), (-4.5, "-4.5"),
            (12_345_678, "12,345,678"), (999.6, "1,000"), (0.00001, "1.0e-05"), (-0.0, "0"), (.nan, "–"),
        ] as [(Double, String)])
    func numbersAreBrief(_ value: Double, _ text: String) { #expect(value.briefText == text) }

    @Test(
        arguments: [
            (1, "100 %"), (0.995, "99.5 %"), (0.999, "99.9 %"), (0.99973, "99.973 %"), (0.9999996, "99.99996 %"),
            (0.1713, "17.1 %"), (0, "0 %"), (0.5, "50 %"),
        ] as [(Double, String)])
    func aShareBelowOneIsNeverAHundredPercent(_ value: Double, _ text: String) {
        #expect(FigureUnit.share.text(value) == text)
    }

    @Test func unitsAreToldByNames() {
        #expect(FigureUnit(metric: "get.latency_ms.p50") == .milliseconds)
        #expect(FigureUnit(metric: "get.success") == .share)
        #expect(FigureUnit(metric: "stale_share") == .share)
        #expect(FigureUnit(metric: "maintenance_bytes_per_second") == .bytesPerSecond)
        #expect(FigureUnit(metric: "peak_memory_bytes") == .bytes)
        #expect(FigureUnit(metric: "bytes_per_second.find_nodes") == .bytesPerSecond)
        #expect(FigureUnit(metric: "routing_bytes_per_node") == .bytes)
        #expect(FigureUnit(metric: "join.seconds.p50") == .seconds)
        #expect(FigureUnit(metric: "load.reachable_messages_per_second") == .plain("messages/s"))
        #expect(FigureUnit(metric: "events_per_second") == .plain("events/s"))
        #expect(FigureUnit(metric: "partition.healed_share_after_5min") == .share)
        #expect(FigureUnit(metric: "get.hops.mean") == .plain(""))
        #expect(FigureUnit.bytes.text(1_934_622_720) == "1.93 GB")
        #expect(FigureUnit.bytesPerSecond.text(172.6) == "173 B/s")
    }

    @Test(
        arguments: [
            (0.04, "0.0 s"), (12.4, "12 s"), (59.97, "1 min"), (312, "5 min 12 s"), (12_000, "3 h 20 min"),
            (93_600, "1 d 2 h"), (86_400, "1 d"),
        ] as [(Double, String)])
    func durationsHaveTwoUnits(_ seconds: Double, _ text: String) {
        #expect(DurationText(seconds: seconds).description == text)
    }

    @Test func marginsSayByHowMuch() {
        let texts = SampleReport.summary.verdicts.map(\.marginText)
        #expect(texts[0] == "0.473 points to spare")
        #expect(texts[1] == "3.1 ms (4.13 %) to spare")
        #expect(texts[2] == "missed by 6.3 ms (2.33 %)")
        #expect(texts[5] == "exactly at the bound")
    }

    @Test func theConsoleAlignsAndJudges() {
        let lines = ConsoleSummary(SampleReport.summary).lines
        #expect(lines.first == "scenario     churn, seed 18446744073709551615")
        #expect(lines.contains("✗  get.latency_ms.p90              276 ms  ≤ 270 ms   missed by 6.3 ms (2.33 %)"))
        #expect(lines.contains("get.latency_ms.p99     842 ms"))
        #expect(lines.last == "✗ 1 of 6 thresholds missed")
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func aStoppedRunIsNotGood() {
        var report = SampleReport.report
        report.isComplete = false
        report.thresholds = []
        let summary = RunSummary(report, wallSeconds: 1, threads: 1, wire: false, peakMemory: 1)
        #expect(VerdictText(summary).description == "✗ stopped before its end; the scenario sets no thresholds")
    }

    @Test func progressTellsWhatRemains() {
        var line = ProgressLine()
        let quarter = RunProgress(stage: "measuring", share: 0.25, events: 5_000_000, virtualTime: .seconds(90))
        #expect(
            line.text(quarter, after: 5)
                == "██████░░░░░░░░░░░░░░░░░░ 25.0 %, measuring, 1,000,000 events/s, 1 min 30 s simulated, 15 s left")
        var slower = quarter
        slower.share = 0.26
        let later = line.text(slower, after: 25)
        #expect(later.contains("26.0 %") && later.contains(" min"), "\(later)")
        let end = RunProgress(stage: "measuring", share: 1, events: 9_000_000, virtualTime: .hours(1))
        #expect(line.text(end, after: 40).hasSuffix("1 h simulated"))
    }
}
