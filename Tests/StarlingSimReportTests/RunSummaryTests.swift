import OverlaySimulator
import Testing

@testable import starling_sim

struct RunSummaryTests {
    private func summary(_ metrics: [(String, Double)]) -> RunSummary {
        var report = RunReport(scenario: "x", seed: 1, nodes: 2)
        report.metrics = metrics.map { Metric(name: $0.0, value: $0.1) }
        return RunSummary(report, wallSeconds: 0, threads: 1, wire: true, peakMemory: 0)
    }

    @Test func nestsMetricsByTheirNames() throws {
        let json = SampleReport.summary.json
        #expect(json["get"]?["latency_ms"]?["p50"]?.double == 71.9)
        #expect(json["get"]?["success"]?.double == 0.99973)
        #expect(json["stale_share"]?.double == 0.1713)
        #expect(json["seed"]?.integer() == UInt64.max)
        #expect(json["events_per_second"]?.integer() == 1_110_804)
        #expect(json["complete"]?.bool == true)
        let thresholds = try #require(json["thresholds"]?.array)
        #expect(thresholds.count == 6)
        #expect(thresholds[2]["metric"]?.string == "get.latency_ms.p90")
        #expect(thresholds[2]["direction"]?.string == "at-most")
        #expect(thresholds[2]["bound"]?.double == 270)
        #expect(thresholds[2]["value"]?.double == 276.3)
        #expect(thresholds[2]["met"]?.bool == false)
    }

    @Test func readsBackAllOfIt() throws {
        let text = SampleReport.summary.json.text
        #expect(try RunSummary(json: JSONReader.read(text)) == SampleReport.summary)
    }

    /// Whatever comes first, and however deep.
    @Test func aNameMayBeAValueAndAPrefix() throws {
        let names = ["load.p50", "load", "a.b.c.d", "a.b", "a.x", "q", "q.r.s", "q.r"]
        let before = summary(names.enumerated().map { ($1, Double($0)) })
        let json = before.json
        #expect(json["load"]?.double == 1)
        #expect(json["load.p50"]?.double == 0)
        #expect(json["a"]?["b"]?.double == 3)
        #expect(json["a"]?["b.c"]?["d"]?.double == 2)
        #expect(json["q.r.s"]?.double == 6)
        let after = try RunSummary(json: JSONReader.read(json.text))
        for name in names { #expect(after.value(of: name) == before.value(of: name), "\(name)") }
        #expect(after.metrics.count == names.count)
    }

    @Test func theHeadKeepsItsPlaceAgainstMetricsOfItsNames() throws {
        let json = summary([("nodes.online", 7), ("seed", 8), ("events", 9)]).json
        #expect(json["nodes"]?.integer() == 2)
        #expect(json["nodes.online"]?.double == 7)
        #expect(json["seed"]?.integer() == 1)
        #expect(try RunSummary(json: json).metrics == [Metric(name: "nodes.online", value: 7)])
    }

    @Test func whatIsNotFiniteBecomesNull() throws {
        let before = summary([("a.b", .nan), ("a.c", .infinity), ("a.d", 1)])
        let after = try RunSummary(json: JSONReader.read(before.json.text))
        #expect(before.json["a"]?["b"] == .null)
        #expect(after.value(of: "a.b")?.isNaN == true)
        #expect(after.value(of: "a.d") == 1)
    }

    @Test func aThresholdOnAMissingFigureIsNotMet() throws {
        var report = RunReport(scenario: "x", seed: 1, nodes: 2)
        report.thresholds = [Threshold(metric: "absent", direction: .atMost, bound: 1)]
        let summary = RunSummary(report, wallSeconds: 1, threads: 1, wire: false, peakMemory: 1)
        #expect(!summary.isGood)
        #expect(summary.json["thresholds"]?.array?[0]["value"] == .null)
        #expect(try RunSummary(json: summary.json) == summary)
        #expect(summary.verdicts[0].marginText == "missed: nothing was measured")
    }

    /// The simulation can't know them, and a scenario may still set bounds on them.
    @Test func thresholdsOnTheMachineAreJudged() {
        var report = RunReport(scenario: "x", seed: 1, nodes: 2)
        report.events = 1_000
        report.thresholds = [
            Threshold(metric: "peak_memory_bytes", direction: .atMost, bound: 8_000),
            Threshold(metric: "events_per_second", direction: .atLeast, bound: 501),
        ]
        let summary = RunSummary(report, wallSeconds: 2, threads: 1, wire: false, peakMemory: 7_000)
        #expect(summary.verdicts.map(\.isMet) == [true, false])
        #expect(summary.verdicts.map(\.value) == [7_000, 500])
    }

    @Test func namesTheFieldThatIsWrong() {
        #expect(throws: RunSummary.Defect(description: "“scenario” is missing")) {
            try RunSummary(json: JSONReader.read("{}"))
        }
        #expect(throws: RunSummary.Defect(description: "“seed” is of the wrong type")) {
            try RunSummary(json: JSONReader.read(#"{"scenario": "x", "seed": -1}"#))
        }
    }
}
