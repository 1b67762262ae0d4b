import Foundation
import OverlaySimulator

/// What a run leaves behind: a folder with summary.json, three tables and a page.
struct ReportFolder {
    let url: URL

    static let summaryName = "summary.json"
    static let pageName = "report.html"

    init(_ url: URL) { self.url = url }

    /// Writes all files, over those of an earlier run.
    ///
    /// - Parameters:
    ///   - wallSeconds: how long the run took on the clock on the wall.
    ///   - threads: how many it ran on.
    ///   - wire: whether every message went through the real codec and encryption.
    ///   - peakMemory: the most memory that the process had, in bytes.
    /// - Throws: what Foundation says when the folder or a file can't be written.
    func write(_ report: RunReport, wallSeconds: Double, threads: Int, wire: Bool, peakMemory: Int) throws {
        let summary = RunSummary(
            report, wallSeconds: wallSeconds, threads: threads, wire: wire, peakMemory: peakMemory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try write(CSVTable.metrics(of: report).text, to: "metrics.csv")
        try write(CSVTable.series(of: report).text, to: "series.csv")
        try write(CSVTable.curves(of: report).text, to: "curves.csv")
        try write(Page(report: report, summary: summary).text, to: Self.pageName)
        // Last, since a program that waits for a run looks for this one.
        try write(summary.json.text, to: Self.summaryName)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .atomic)
    }
}
