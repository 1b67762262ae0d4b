import Foundation
import OverlaySimulator
import Testing

@testable import starling_sim

struct PageTests {
    private func page(_ report: RunReport) -> PageReader {
        let summary = RunSummary(report, wallSeconds: 371.25, threads: 2, wire: false, peakMemory: 1_934_622_720)
        return PageReader(Page(report: report, summary: summary).text)
    }

    @Test func theSampleIsWellFormedAndWhole() {
        let page = page(SampleReport.report)
        #expect(page.failure == nil)
        #expect(page.headings == ["churn", "Thresholds", "Key figures", "Plots", "All figures"])
        #expect(
            page.plotTitles == [
                "Latency", "Hops", "Presence delay", "Success over time", "Traffic by message kind", "Stale contacts",
                "Replicas of a record", "Nodes online", "Presence delay over time", "Memory",
            ])
        #expect(page.text.contains("missed by 6.3 ms (2.33 %)"))
        #expect(page.text.contains("get p90 ≤ 270 ms"))
        #expect(page.text.contains("3 others"))
    }

    @Test func thePageNeedsNoOther() {
        let page = page(SampleReport.report)
        #expect(!page.elements.contains { ["script", "link", "img", "iframe", "object", "use"].contains($0) })
        #expect(page.addresses == ["http://www.w3.org/2000/svg"])
        #expect(!page.source.contains("url(") && !page.source.contains("@import"))
    }

    @Test func theStyleStandsAsItIs() {
        #expect(!StyleSheet.text.contains { "<>&\"".contains($0) })
        #expect(page(SampleReport.report).source.contains(StyleSheet.text))
        let braces = StyleSheet.text.reduce(0) { $0 + ($1 == "{" ? 1 : $1 == "}" ? -1 : 0) }
        #expect(braces == 0)
    }

    @Test func whatAScenarioSaysIsNeverMarkup() {
        let evil = "</title><script>alert('1')</script>&amp;\" onload=\"x\u{0}\u{8}\u{FFFF}"
        var report = SampleReport.report
        report.scenario = evil
        report.about = evil
        report.metrics.append(Metric(name: evil, value: 1))
        report.thresholds.append(Threshold(metric: evil, direction: .atMost, bound: 0))
        report.curves.append(Curve(name: evil, unit: evil, points: [.init(value: 1, share: 1)]))
        report.series.append(TimeSeries(name: evil, unit: evil, points: [.init(seconds: 1, value: 1)]))
        let page = page(report)
        #expect(page.failure == nil)
        #expect(!page.elements.contains("script"))
        #expect(!page.attributes.contains("onload"))
        #expect(page.headings[0] == evil.replacing(#/[\u{0}\u{8}\u{FFFF}]/#, with: "\u{FFFD}"))
    }

    /// A run that was stopped early has next to nothing, and values may be anything.
    @Test func anEmptyAndAStrangeReportMakeAPage() {
        let empty = page(RunReport(scenario: "empty", seed: 1, nodes: 0))
        #expect(empty.failure == nil)
        #expect(empty.headings == ["empty"])
        var report = RunReport(scenario: "strange", seed: 1, nodes: 1)
        report.isComplete = false
        let values: [Double] = [.nan, .infinity, -.infinity, 0, -1e300, 1e300, .leastNonzeroMagnitude, 3]
        report.metrics = values.enumerated().map { Metric(name: "m\($0)_ms", value: $1) }
        report.curves = [
            Curve(name: "none_ms", unit: "ms", points: []),
            Curve(name: "zero_ms", unit: "ms", points: [.init(value: 0, share: 1)]),
            Curve(name: "nan", unit: "ms", points: [.init(value: .nan, share: .nan)]),
        ]
        report.series =
            values.enumerated().map { index, value in
                TimeSeries(name: "s\(index)", unit: "share", points: [.init(seconds: 0, value: value)])
            } + [TimeSeries(name: "bytes.x", unit: "bytes/s", points: [.init(seconds: .nan, value: 1)])]
        report.thresholds = values.map { Threshold(metric: "s3", direction: .atLeast, bound: $0) }
        let page = page(report)
        #expect(page.failure == nil)
        #expect(!page.source.contains("nan") || page.text.contains("nan"))
        #expect(page.text.contains("stopped before its end"))
    }

    @Test func theSameReportGivesTheSamePage() {
        #expect(page(SampleReport.report).source == page(SampleReport.report).source)
    }

    @Test func linesAreReadBetweenTheirPoints() {
        let line = PlotLine(name: "x", points: [.init(x: 1, y: 10), .init(x: 3, y: 20), .init(x: .nan, y: 1)])
        #expect(line.value(at: 2) == 15)
        #expect(line.value(at: 2, isLevel: true) == 10)
        #expect(line.value(at: 3) == 20)
        #expect(line.value(at: 0.9) == nil && line.value(at: 3.1) == nil)
        let stack = PlotStack([line, PlotLine(name: "y", points: [.init(x: 2, y: 5)])])
        #expect(stack.places == [1, 2, 3])
        #expect(stack.layers[1].upper == [10, 20, 20])
    }
}
