import Foundation
import OverlaySimulator
import Testing

@testable import starling_sim

struct ReportFolderTests {
    /// Set STARLING_SAMPLE_REPORT to a folder to keep the sample there, and look at it.
    @Test func writesAllFilesAndTheSummaryReadsBack() throws {
        let kept = ProcessInfo.processInfo.environment["STARLING_SAMPLE_REPORT"]
        let temporary = try TemporaryFolder()
        let url = kept.map { URL(fileURLWithPath: $0) } ?? temporary.url.appendingPathComponent("a/b")
        try ReportFolder(url).write(
            SampleReport.report, wallSeconds: 371.25, threads: 2, wire: false, peakMemory: 1_934_622_720)
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
        #expect(names == ["curves.csv", "metrics.csv", "report.html", "series.csv", "summary.json"])
        #expect(try RunSummary(path: url.path) == SampleReport.summary)
        #expect(try RunSummary(path: url.appendingPathComponent("summary.json").path) == SampleReport.summary)
    }

    @Test func aMissingSummaryIsNamed() throws {
        let temporary = try TemporaryFolder()
        let failure = #expect(throws: RunSummary.Defect.self) { try RunSummary(path: temporary.url.path) }
        #expect(failure?.description.contains("summary.json: there is no file") == true)
    }

    @Test func aDamagedSummaryIsNamedWithItsLine() throws {
        let temporary = try TemporaryFolder()
        try Data("{\n  \"scenario\": \"x\",\n  oops\n}".utf8)
            .write(to: temporary.url.appendingPathComponent("summary.json"))
        let failure = #expect(throws: RunSummary.Defect.self) { try RunSummary(path: temporary.url.path) }
        #expect(failure?.description.hasSuffix("summary.json: line 3: a member lacks its name") == true)
    }
}
