import ArgumentParser
import Foundation
import Primitives
import Testing

@testable import starling_sim

@Suite struct ScenarioArgumentTests {
    private func resolved(_ arguments: String...) throws -> ReadScenario {
        try RunArguments.parse(arguments).resolved()
    }

    @Test func aBuiltInScenarioWithOtherValues() throws {
        let arguments = [
            "churn", "--seed", "7", "--nodes", "50", "--set", "measuring=1h", "--set", "workload.quorum=2",
        ]
        let parsed = try RunArguments.parse(arguments + ["--threads", "2", "--wire", "--out", "there", "--quiet"])
        #expect(parsed.threads == 2 && parsed.wire && parsed.folder == "there" && parsed.quiet)
        let scenario = try parsed.resolved().scenario
        #expect(scenario.name == "churn" && scenario.seed == 7 && scenario.nodes == 50)
        #expect(scenario.measuring == .hours(1) && scenario.workload.quorum == 2)
    }

    @Test func whatASweepVariesWins() throws {
        let parsed = try ScenarioArgument.parse(["churn", "--nodes", "50", "--set", "workload.quorum=2"])
        let scenario = try parsed.resolved(adding: [
            ScenarioOverride("nodes", "60", flag: "--vary"), ScenarioOverride("workload.quorum", "3", flag: "--vary"),
        ]).scenario
        #expect(scenario.nodes == 60 && scenario.workload.quorum == 3)
    }

    @Test func aFileIsNamedAfterItselfAndFindsItsNeighbours() throws {
        let folder = try TemporaryFolder([
            "mine.yaml": "underlay: {shape: matrix, file: m.txt}", "m.txt": "0 1\n1 0\n",
        ])
        let scenario = try resolved("\(folder.path)/mine.yaml").scenario
        #expect(scenario.name == "mine")
        guard case .matrix = scenario.underlay.shape else {
            Issue.record("\(scenario.underlay.shape)")
            return
        }
    }

    @Test(
        arguments: [
            (["stedy"], ["there is no scenario \"stedy\"", "did you mean \"steady\"?"]),
            (["/nowhere/x.yaml"], ["there is no scenario", "starling-sim list"]),
            (["/"], ["there is no scenario"]),
            (["steady", "--set", "nodes"], ["--set nodes: write KEY=VALUE"]),
            (["steady", "--nodes", "0"], ["--nodes: nodes: 0 is out of range"]),
            (["steady", "--set", "nodes=x", "--set", "seed=-1"], ["nodes: \"x\"", "seed: \"-1\""]),
        ] as [([String], [String])])
    func whatIsWrongIsTold(arguments: [String], words: [String]) throws {
        let parsed = try RunArguments.parse(arguments)
        let error = #expect(throws: ValidationError.self) { try parsed.resolved() }
        for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
    }

    @Test(arguments: [["--threads", "0"], ["--out", ""], ["--seed", "-1"], ["--nodes", "many"]])
    func argumentsHaveBounds(arguments: [String]) {
        #expect(throws: (any Error).self) { try RunArguments.parse(["steady"] + arguments) }
    }

    @Test func aFileThatIsNoTextIsRefused() throws {
        let folder = try TemporaryFolder([:])
        let path = "\(folder.path)/a.yaml"
        try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: path))
        #expect(throws: ValidationError.self) { try resolved(path) }
        try Data(repeating: UInt8(ascii: "#"), count: 2 << 20).write(to: URL(filePath: path))
        #expect(throws: ValidationError.self) { try resolved(path) }
        try Data().write(to: URL(filePath: path))
        #expect(try resolved(path).scenario.name == "a")
    }
}
