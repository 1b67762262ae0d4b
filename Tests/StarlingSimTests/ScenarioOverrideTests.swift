import OverlaySimulator
import Primitives
import Testing

@testable import starling_sim

@Suite struct ScenarioOverrideTests {
    private let file = """
        nodes: 1000
        churn: {law: weibull, shape: 0.5, median-session: 30min}
        deaths: [{share: 10%}, {share: 20%}]
        workload: {quorum: 2}
        thresholds:
          get.success: {at-least: 99%}
        """

    @Test func everyKindOfKeyCanBeSet() throws {
        let scenario = try Read.scenario(
            file,
            overrides: [
                "nodes=5", "overlay.parallelism=3", "churn.median-session=10min", "adversaries.liars=20%",
                "workload.quorum=4", "deaths.2.share=5%", "deaths.3.share=1%", "thresholds.get.success.at-least=0.5",
                "thresholds.get.hops.mean={at-most: 4}", "workload.buddies.law=fixed", "workload.buddies.count=2",
                "overlay.wide-buckets=[4, 2]",
            ])
        #expect(scenario.nodes == 5 && scenario.overlay.parallelism == 3 && scenario.workload.quorum == 4)
        #expect(scenario.churn?.medianSession == .minutes(10) && scenario.adversaries.liars == 0.2)
        #expect(scenario.deaths.map(\.share) == [0.1, 0.05, 0.01])
        #expect(
            scenario.thresholds == [
                Threshold(metric: "get.success", direction: .atLeast, bound: 0.5),
                Threshold(metric: "get.hops.mean", direction: .atMost, bound: 4),
            ])
        guard case .fixed(2) = scenario.workload.buddies, case .weibull(0.5)? = scenario.churn?.law else {
            Issue.record("\(scenario)")
            return
        }
        #expect(scenario.overlay.wideBuckets == [4, 2])
    }

    /// As `--vary` and `--set` are used together: what varies is given last.
    @Test func theLaterOfTwoHolds() throws {
        #expect(try Read.scenario(file, overrides: ["nodes=5", "nodes=7"]).nodes == 7)
        #expect(try Read.scenario("", overrides: ["nodes=7"]).nodes == 7)
    }

    @Test func nullTakesAway() throws {
        let scenario = try Read.scenario(file, overrides: ["churn=null", "deaths.1=null", "thresholds=~"])
        #expect(scenario.churn == nil && scenario.deaths.map(\.share) == [0.2] && scenario.thresholds.isEmpty)
    }

    /// A sweep over laws keeps the keys that only some of them use.
    @Test func aLawFromOutsideLeavesTheFilesKeysAlone() throws {
        for law in ["exponential", "weibull", "pareto"] {
            #expect(try Read.scenario(file, overrides: ["churn.law=\(law)"]).churn != nil)
        }
        let told = Read.errors(file, overrides: ["churn.exponent=3"])
        #expect(told.first?.contains("--set: churn.exponent: it has no effect when churn.law is weibull") == true)
    }

    @Test(
        arguments: [
            ("nods=5", ["--set: nods: there is no such key", "did you mean \"nodes\"?"]),
            ("nodes=x", ["--set: nodes: \"x\" is not a whole number"]),
            ("nodes=", ["--set: nodes: the value is missing"]),
            ("nodes=[", ["--set: this is not YAML"]),
            ("deaths.4.share=5%", ["--set: deaths.4.share: there is no such item"]),
            ("deaths.0.share=5%", ["--set: deaths.0.share"]),
            ("deaths.1.shard=5%", ["--set: deaths.1.shard: there is no such key"]),
            ("nodes.x=5", ["--set: nodes.x: there is no such key"]),
            ("thresholds.get.nothing.at-least=5", ["--set: thresholds.get.nothing: no run has such a figure"]),
            ("thresholds.get.success=5", ["--set: thresholds.get.success", "is not a bound"]),
            ("=5", []),
            ("nodes", []),
        ] as [(String, [String])])
    func wrongOnesAreTold(override: String, words: [String]) {
        guard ScenarioOverride(override) != nil else {
            #expect(words.isEmpty, "it is not even KEY=VALUE")
            return
        }
        let told = Read.errors(file, overrides: [override]).joined(separator: "\n")
        #expect(!told.isEmpty)
        for word in words { #expect(told.contains(word), "\(told)") }
    }

    /// Every key that has a default takes it from outside, in the form in which the page prints it.
    @Test func everyDefaultCanBeSet() {
        for key in ScenarioFormat.keys {
            guard let standard = key.standard, !["none", "one for each node"].contains(standard) else { continue }
            let told = Read.errors("", overrides: ["\(key.name)=\(standard)"])
            #expect(told.allSatisfy { $0.contains("it has no effect") }, "\(key.name): \(told)")
        }
    }
}
