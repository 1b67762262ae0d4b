import Testing

@testable import starling_sim

@Suite struct ScenarioErrorTests {
    /// What is wrong, and what the message about it must say.
    @Test(
        arguments: [
            ("nods: 5", ["a.yaml:1:1: nods", "did you mean \"nodes\"?"]),
            ("colour: red", ["a.yaml:1:1: colour", "no such key", "about, nodes, seed"]),
            (
                "churn:\n  medain-session: 5min",
                ["a.yaml:2:3: churn.medain-session", "did you mean \"median-session\"?"]
            ),
            ("nodes: 5\nNodes: 6", ["a.yaml:2:1: Nodes", "did you mean \"nodes\"?"]),
            ("nodes: 5\nseed: 1\nnodes: 6", ["a.yaml:3:1: nodes", "set twice, first in line 1"]),
            ("churn:\n  law: weibull\n  law: pareto", ["a.yaml:3:3: law", "set twice, first in line 2"]),
            ("nodes: 5\n\"nodes\": 6", ["a.yaml:2:1: nodes", "set twice"]),
            ("nodes: many", ["a.yaml:1:8: nodes: \"many\" is not a whole number", "1 to 10000000"]),
            ("nodes: 0", ["a.yaml:1:8: nodes: 0 is out of range"]),
            ("nodes: 1.5", ["not a whole number"]),
            ("nodes: 99999999999999999999", ["not a whole number"]),
            ("nodes: [5]", ["a.yaml:1:8: nodes: a list is not"]),
            ("nodes:", ["a.yaml:1:7: nodes: the value is missing"]),
            ("measuring: 30", ["a.yaml:1:12: measuring: \"30\" is not a duration", "30s, 5min"]),
            ("measuring: 5 parsec", ["\"5 parsec\" is not a duration"]),
            ("measuring: -5s", ["is not a duration"]),
            ("measuring: 800h", ["800h is out of range", "1s to 720h"]),
            ("underlay:\n  loss: 120%", ["a.yaml:2:9: underlay.loss: 120% is out of range"]),
            ("underlay:\n  loss: nan", ["\"nan\" is not a share"]),
            ("underlay: {loss: 1e-2}", ["\"1e-2\" is not a share"]),
            ("underlay: plane", ["a.yaml:1:11: underlay: \"plane\" stands where keys belong", "shape, file"]),
            ("underlay:\n  shape: torus", ["underlay.shape: \"torus\"", "plane, coordinates, matrix"]),
            ("underlay:\n  shape: matrix", ["a.yaml:2:3: underlay.shape", "no file with a matrix", "underlay.file"]),
            ("underlay:\n  shape: regions", ["a.yaml:2:3", "no regions"]),
            ("underlay:\n  least: 3ms", ["a.yaml:2:3: underlay.least: it has no effect when underlay.shape is plane"]),
            ("underlay: {shape: uniform, least: 1s}", ["underlay.least: the least delay is above the most"]),
            ("underlay: {regions: [{name: a, share: 1, delays: [1]}]}", ["underlay.regions: they have no effect"]),
            (
                "underlay: {shape: regions, regions: [{name: a, share: 0.5, delays: [1, 2]}]}",
                ["the shares make 0.5", "number 1 has 2 delays"]
            ),
            ("deaths: {share: 1}", ["a.yaml:1:9: deaths: a mapping stands there", "at, share"]),
            ("deaths:\n  - at: 1s", ["a.yaml:2:5: deaths.1: share is missing"]),
            ("deaths:\n  - {share: 10%, shard: 1}", ["a.yaml:2:18: deaths.1.shard", "did you mean \"share\"?"]),
            ("deaths: [{share: 60%}, {share: 60%}]", ["a.yaml:1:1: deaths: no node is left alive"]),
            ("deaths: [{share: 60%, at: 1h}]", ["deaths: number 1 comes after the end"]),
            ("partitions: [{at: 1min, lasting: 9min}]", ["number 1 does not end before the run does"]),
            ("churn: {law: exponential, shape: 0.4}", ["churn.shape: it has no effect when churn.law is exponential"]),
            ("churn: {law: trace}", ["churn.law: a trace needs its file"]),
            ("reachability: {symmetric: 50%, port-restricted: 50%}", ["reachability: no node is left that can be"]),
            ("adversaries: {liars: 50%, droppers: 50%}", ["adversaries: no node is left that keeps"]),
            ("adversaries: {sybils: 5, ground-ids: 6}", ["adversaries.ground-ids", "at most 5"]),
            ("workload: {daily: [1, 2]}", ["workload.daily: 2 factors with a mean of 1.5"]),
            ("workload: {daily: [1, x]}", ["a.yaml:1:23: workload.daily: \"x\" is not a number"]),
            ("workload: {buddies: {law: fixed, count: 10}}\nnodes: 10", ["workload.buddies.count: 10 buddies"]),
            ("workload: {buddies: {mean: 10}}", ["workload.buddies.mean: it has no effect"]),
            ("overlay: {wide-buckets: 128}", ["a.yaml:1:25: overlay.wide-buckets: \"128\" is not a list"]),
            ("overlay: {bucket-size: 17}", ["overlay.bucket-size: 17 is out of range"]),
            (
                "thresholds:\n  get.latency.p50: {at-most: 5}",
                [
                    "a.yaml:2:3: thresholds.get.latency.p50", "no run has such a figure",
                    "did you mean \"get.latency_ms.p50\"?",
                ]
            ),
            ("thresholds:\n  get.success: 0.9", ["a.yaml:2:16: thresholds.get.success", "at-least"]),
            ("thresholds: {get.success: {at-last: 0.9}}", ["did you mean \"at-least\"?"]),
            ("thresholds: {get.success: {at-least: 99.9}}", ["99.9 is out of range", "the unit is share"]),
            ("thresholds: {get.hops.mean: {at-most: 20%}}", ["\"20%\" is not a number", "the unit is hops"]),
            ("- a\n- b", ["a.yaml:1:1: the file is not a list of keys and values"]),
            ("nodes: 5\n  seed: x: y\n", ["a.yaml:2:", "not YAML"]),
            ("nodes: *there", ["a.yaml:1:8", "not YAML", "undefined alias"]),
            ("? [a]\n: b", ["a key is not a word"]),
        ] as [(String, [String])])
    func everyErrorSaysWhereWhatAndHow(text: String, words: [String]) {
        let told = Read.errors(text).joined(separator: "\n")
        for word in words { #expect(told.contains(word), "\(told)") }
    }

    @Test func allErrorsAreToldAtOnceInTheOrderOfLines() {
        let told = Read.errors("thresholds: {x: {at-most: 1}}\nnodes: y\nchurn:\n  law: z\n  farewells: 2\nwhat: 1")
        #expect(
            told.map { $0.split(separator: " ")[0] } == [
                "a.yaml:1:14:", "a.yaml:2:8:", "a.yaml:4:8:", "a.yaml:5:14:", "a.yaml:6:1:",
            ])
    }

    /// Aliases that multiply, and brackets without end, are refused before they take memory or stack.
    @Test func aHostileFileIsRefused() {
        var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1...20 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(Read.errors(text).joined().contains("there is too much in this file"))
        #expect(!Read.errors("nodes: " + String(repeating: "[", count: 200_000)).isEmpty)
        let depth = 60
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(Read.errors("nodes: " + nested).joined().contains("there is too much in this file"))
    }
}
