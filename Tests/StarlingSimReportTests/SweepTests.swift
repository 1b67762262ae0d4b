import OverlaySimulator
import Testing

@testable import starling_sim

struct SweepTests {
    @Test(
        arguments: [
            ("7", [7]), ("1...4", [1, 2, 3, 4]), ("9,1...3,2", [9, 1, 2, 3]), ("18446744073709551615", [.max]),
        ] as [(String, [UInt64])])
    func seedsAreSpelledOut(_ text: String, _ seeds: [UInt64]) { #expect(SeedList(text)?.seeds == seeds) }

    @Test(arguments: ["", "x", "1..3", "3...1", "1,,2", "-1", "1...", "0...18446744073709551615", "1...200000"])
    func otherSeedsAreRefused(_ text: String) { #expect(SeedList(text) == nil) }

    @Test func variationsHaveAKeyAndValues() {
        #expect(Variation("a.b=1,x=2")?.values == ["1", "x=2"])
        #expect(Variation("a.b=1,x=2")?.key == "a.b")
        for text in ["", "a", "=1", "a=", "a=1,,2"] { #expect(Variation(text) == nil, "\(text)") }
    }

    private func plan(_ variations: [String], _ seeds: String) throws -> SweepPlan {
        SweepPlan(
            variations: try variations.map { try #require(Variation($0)) },
            seeds: try #require(SeedList(seeds)).seeds)
    }

    @Test func everyCombinationRunsWithEverySeed() throws {
        let plan = try plan(["nodes=100,200", "loss=0,0.1,0.2"], "1...2")
        let runs = plan.runs
        #expect(runs.count == 12)
        #expect(
            runs.map(\.name).prefix(3) == [
                "nodes=100, loss=0, seed 1", "nodes=100, loss=0, seed 2", "nodes=100, loss=0.1, seed 1",
            ])
        #expect(Set(runs.map(\.folder)).count == 12)
        #expect(
            runs[11].arguments(scenario: "steady", out: "o") == [
                "run", "steady", "--seed", "2", "--set", "nodes=200", "--set", "loss=0.2", "--out", "o", "--quiet",
            ])
        #expect(try self.plan([], "5").runs.map(\.folder) == ["seed-5"])
    }

    @Test func noFolderLeavesTheSweeps() throws {
        for run in try plan(["file=../../etc,..,/a b/c"], "1").runs {
            #expect(run.folder.split(separator: "/").count == 2)
            #expect(!run.folder.split(separator: "/").contains(".."))
        }
    }

    @Test func statisticsOfOddAndEvenCounts() {
        #expect(SweepStatistics([3, 1, 2])?.median == 2)
        #expect(SweepStatistics([4, 1, 2, 3])?.median == 2.5)
        #expect(SweepStatistics([.nan, 5])?.greatest == 5)
        #expect(SweepStatistics([.nan]) == nil)
    }

    private func summary(_ latency: Double, _ success: Double) -> RunSummary {
        var report = RunReport(scenario: "steady", seed: 1, nodes: 10)
        report.metrics = [
            Metric(name: "get.latency_ms.p50", value: latency), Metric(name: "get.success", value: success),
        ]
        report.thresholds = [Threshold(metric: "get.latency_ms.p50", direction: .atMost, bound: 75)]
        return RunSummary(report, wallSeconds: 1, threads: 1, wire: false, peakMemory: 1)
    }

    private func table(metrics: [String] = []) throws -> SweepTable {
        let plan = try plan(["nodes=100,200"], "1...3")
        let outcomes: [SweepOutcome] = [
            .summary(summary(70, 1)), .summary(summary(72, 0.99)), .summary(summary(71, 1)),
            .summary(summary(80, 1)), .failed("exited with 2"), .stopped,
        ]
        return SweepTable(plan: plan, results: Array(zip(plan.runs, outcomes)), metrics: metrics)
    }

    @Test func theTableHasARowForEachCombination() throws {
        #expect(
            try table().lines == [
                "nodes  good  get.latency_ms.p50",
                "100     3/3               71 ms  (70 ms to 72 ms)",
                "200     0/3               80 ms",
            ])
        #expect(
            try table(metrics: ["get.success", "absent"]).lines[1]
                == "100     3/3        100 %  (99 % to 100 %)       –")
        #expect(
            try table().csv.text == """
                nodes,metric,runs,good,median,min,max
                100,get.latency_ms.p50,3,3,71,70,72
                200,get.latency_ms.p50,3,0,80,80,80

                """)
        #expect(try table().runsCSV.text.split(separator: "\n")[4] == "200,1,false,cbf29ce484222325,80")
    }

    @Test func whatWentWrongIsNamed() throws {
        #expect(
            try table().complaints == [
                "✗ nodes=200, seed 1: get.latency_ms.p50 80 ms, ≤ 75 ms, missed by 5 ms (6.67 %)",
                "✗ nodes=200, seed 2: exited with 2", "✗ nodes=200, seed 3: stopped",
            ])
    }
}
