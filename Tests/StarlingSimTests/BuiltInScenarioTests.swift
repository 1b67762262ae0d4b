import Foundation
import OverlaySimulator
import Testing

@testable import starling_sim

@Suite struct BuiltInScenarioTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Simulator/Scenarios").standardized

    @Test(arguments: BuiltInScenario.all.map(\.name)) func everyOneIsValid(name: String) throws {
        let builtIn = try #require(BuiltInScenario.named(name))
        let scenario = try builtIn.reading().scenario
        #expect(scenario.name == name)
        #expect(!scenario.about.isEmpty && !scenario.thresholds.isEmpty)
        #expect(builtIn.text.hasPrefix("# "), "a comment says what it shows")
        #expect(builtIn.text.contains("# The threshold"), "and why the thresholds are what they are")
    }

    /// What was built in is what lies in the folder, and all of it.
    @Test func theFolderIsTheList() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(BuiltInScenario.all.map { "\($0.name).yaml" }))
        #expect(files.count == BuiltInScenario.all.count)
        for builtIn in BuiltInScenario.all {
            let text = try String(contentsOf: Self.folder.appending(path: "\(builtIn.name).yaml"), encoding: .utf8)
            #expect(builtIn.text == text)
        }
    }

    /// Those that are for continuous integration stay small.
    @Test func theSmallOnesAreSmall() throws {
        let small = BuiltInScenario.all.filter { $0.name.hasPrefix("ci-") || $0.name == "smoke" }
        #expect(small.count == 5)
        for builtIn in small {
            let scenario = try builtIn.reading().scenario
            #expect(scenario.nodes <= 500 && scenario.measuring <= .minutes(30))
        }
    }

    /// The four growth scenarios differ in their size and what depends on it, so that their figures can be compared.
    @Test func theGrowthScenariosAreOfOneMould() throws {
        let scenarios = try BuiltInScenario.all.filter { $0.name.hasPrefix("growth-") }.map {
            try $0.reading().scenario
        }
        #expect(scenarios.map(\.nodes) == [1_000, 10_000, 100_000, 1_000_000])
        #expect(Set(scenarios.map(\.joining)).count == 1 && Set(scenarios.map(\.settling)).count == 1)
        #expect(Set(scenarios.map(\.measuring)).count == 1)
        #expect(Set(scenarios.map { $0.churn?.medianSession }).count == 1)
    }

    @Test func smallerVersionsOfTheLargeOnesCanBeMade() throws {
        for builtIn in BuiltInScenario.all {
            let read = try builtIn.reading(overrides: [ScenarioOverride("nodes", "100", flag: "--nodes")])
            #expect(read.scenario.nodes == 100)
        }
    }
}
