import Foundation
import OverlaySimulator
import Testing

@testable import starling_sim

/// docs/scenarios.md says what the reader does.
@Suite struct ScenarioPageTests {
    private let page: String

    init() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/scenarios.md")
        page = try String(contentsOf: path.standardized, encoding: .utf8)
    }

    private func expectRow(_ name: String, _ summary: String, _ standard: String?) {
        let row = "| `\(name)` | \(summary) | \(standard ?? "must be given") | "
        #expect(page.contains("\n\(row)"), "\(row)")
    }

    @Test func everyKeyStandsThereWithWhatIsAllowedAndItsDefault() {
        for key in ScenarioFormat.keys { expectRow(key.name, key.summary, key.standard) }
        for list in ScenarioFormat.lists {
            for (index, key) in list.itemKeys.enumerated() {
                expectRow("\(list.name).N.\(key)", list.summaries[index], list.standards[index])
            }
        }
    }

    /// And none that the reader does not know.
    @Test func everyKeyThatStandsThereIsKnown() {
        let known = Set(ScenarioFormat.names)
        let rows = page.matches(of: #/\n\| `([a-z.N-]+)` \| [^|]*\| [^|]*\| [^|]*\|\n/#)
        for row in rows { #expect(known.contains(String(row.1)), "\(row.1)") }
    }

    @Test func everyMetricStandsThereWithItsUnitAndMeaning() {
        for metric in MetricName.all {
            let row = "\n| `\(metric.pattern)` | \(metric.unit) | \(metric.meaning) |\n"
            #expect(page.contains(row), "\(row)")
        }
    }

    @Test func everyBuiltInScenarioStandsThere() {
        for builtIn in BuiltInScenario.all { #expect(page.contains("\n| `\(builtIn.name)` | ")) }
    }

    /// The example is one that works.
    @Test func theExampleIsValid() throws {
        let match = try #require(page.firstMatch(of: #/```yaml\n([\s\S]*?)```/#))
        let scenario = try Read.scenario(String(match.1))
        #expect(scenario.nodes == 500 && scenario.deaths.count == 1 && scenario.thresholds.count == 2)
    }

    /// The settings that the text gives as examples work, too.
    @Test func theExamplesOfSettingsAreValid() throws {
        let churn = try #require(BuiltInScenario.named("catastrophe-30"))
        let found = page.matches(of: #/--set ([a-z0-9.-]+)='?([^`'\n]+)'?/#).map { ("\($0.1)", "\($0.2)") }
        #expect(found.count >= 5)
        for (key, value) in found where value != "PATH" && key != "KEY" {
            _ = try churn.reading(overrides: [ScenarioOverride(key, value)])
        }
    }
}
