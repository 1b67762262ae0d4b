import OverlaySimulator

@testable import starling_sim

/// Short ways to read a scenario in a test.
enum Read {
    static func scenario(_ text: String, overrides: [String] = [], folder: String = "") throws -> Scenario {
        try whole(text, overrides: overrides, folder: folder).scenario
    }

    static func whole(_ text: String, overrides: [String] = [], folder: String = "") throws -> ReadScenario {
        try ScenarioReader.reading(
            text, name: "a", file: "a.yaml", folder: folder, overrides: overrides.compactMap { ScenarioOverride($0) })
    }

    /// What is told of a scenario that is wrong; empty for one that is right.
    static func errors(_ text: String, overrides: [String] = [], folder: String = "") -> [String] {
        do {
            _ = try whole(text, overrides: overrides, folder: folder)
            return []
        } catch let error as ScenarioErrors {
            return error.errors.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }
}
