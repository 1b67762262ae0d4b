import Foundation
import OverlaySimulator
import Primitives
import Testing

@testable import starling_sim

@Suite struct DataFileTests {
    private static let latency = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/latency").standardized

    @Test func coordinates() throws {
        let folder = try TemporaryFolder([
            "c.xml": """
            <?xml version="1.0"?><!-- two > places -->
            <nodelist dimensions="2">
              <node isroot="1"><coord> -24.5 </coord>
                <coord>12</coord></node>
              <node><coord>3</coord><coord>-4.25</coord></node>
            </nodelist>
            """
        ])
        let scenario = try Read.scenario("underlay: {shape: coordinates, file: c.xml}", folder: folder.path)
        guard case .coordinates("c.xml", let places) = scenario.underlay.shape else {
            Issue.record("\(scenario.underlay.shape)")
            return
        }
        #expect(places == [SIMD2(-24.5, 12), SIMD2(3, -4.25)])
    }

    @Test func matrix() throws {
        let folder = try TemporaryFolder(["m.txt": "# rtt\n0\t1.5\t2\r\n1.5 0 3\n\n2, 3, 0\n"])
        let scenario = try Read.scenario("underlay: {shape: matrix, file: m.txt}", folder: folder.path)
        guard case .matrix("m.txt", let rows) = scenario.underlay.shape else {
            Issue.record("\(scenario.underlay.shape)")
            return
        }
        #expect(rows == [[0, 1.5, 2], [1.5, 0, 3], [2, 3, 0]])
    }

    @Test func trace() throws {
        let folder = try TemporaryFolder(["t.txt": "# node from to\n0 0 10.5\n1 5 20\n0 60 61\n"])
        let scenario = try Read.scenario("churn: {law: trace, file: t.txt}\nnodes: 2", folder: folder.path)
        guard case .trace("t.txt", let sessions)? = scenario.churn?.law else {
            Issue.record("\(String(describing: scenario.churn))")
            return
        }
        #expect(sessions.map(\.node) == [0, 1, 0])
        #expect(sessions.map(\.from) == [.zero, .seconds(5), .seconds(60)])
        #expect(sessions.map(\.to) == [.milliseconds(10_500), .seconds(20), .seconds(61)])
    }

    /// A file's text, and what the message about it must say.
    @Test(
        arguments: [
            ("coordinates", "<node><coord>1</coord></node>", ["f:1:1", "the node has 1 coordinates"]),
            ("coordinates", "<node>\n<coord>x</coord>", ["f:2:1", "\"x\" is not a coordinate"]),
            ("coordinates", "<node>\n<coord>1</coord>\n</coord><coord>1<b>2</b></coord>", ["f:3:1"]),
            ("coordinates", "<coord>1</coord>", ["f:1:1", "<coord> is out of place"]),
            ("coordinates", "\n<node><coord>1</coord><coord>1</coord></node>\n<node", ["f:3:1", "after 1 places"]),
            ("coordinates", "0 1\n1 0", ["after 0 places"]),
            ("coordinates", "<!-- no end", ["after 0 places"]),
            ("matrix", "0 1\n1 0 2\n", ["f:2:1", "this row has 3 numbers, the first one 2"]),
            ("matrix", "0 1\n\n1 -1\n", ["f:3:1", "\"-1\" is not a round-trip time"]),
            ("matrix", "0 1 2\n1 0 2\n", ["f:1:1", "there are 2 rows of 3 numbers"]),
            ("matrix", "", ["0 rows of 0"]),
            ("trace", "0 5\n", ["f:1:1", "this is not a session"]),
            ("trace", "0 5 6 7\n", ["f:1:1", "this is not a session"]),
            ("trace", "\n0 6 5\n", ["f:2:1", "ends before it begins"]),
            ("trace", "0 1 5\n0 4 8\n", ["f:2:1", "before the node's last one ended"]),
            ("trace", "1000 1 5\n", ["f:1:1", "there is no node 1000", "0 to 999"]),
            ("trace", "# none\n", ["there is no session"]),
        ] as [(String, String, [String])])
    func malformedLinesAreTold(kind: String, text: String, words: [String]) throws {
        let folder = try TemporaryFolder(["f": text])
        let key = kind == "trace" ? "churn: {law: trace" : "underlay: {shape: \(kind)"
        let told = Read.errors("\(key), file: f}", folder: folder.path).joined(separator: "\n")
        for word in words { #expect(told.contains(word), "\(told)") }
    }

    /// Whatever bytes a file has, reading it ends with places or an error.
    @Test(arguments: 0..<200) func garbageNeverStopsTheProgram(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let parts = ["<node>", "</node>", "<coord>", "</coord>", "1", " ", "\n", "<!--", "-->", "<", ">", "?", "\u{0}"]
        var text = ""
        for _ in 0..<60 { text += parts[Int(random.next() % UInt64(parts.count))] }
        if let places = try? CoordinateFile.parse(Array(text.utf8), name: "f") { #expect(places.count >= 2) }
        if let rows = try? MatrixFile.parse(Array(text.utf8), name: "f") { #expect(rows.count == rows[0].count) }
        if let sessions = try? TraceFile.parse(Array(text.utf8), name: "f", nodes: 9) { #expect(!sessions.isEmpty) }
    }

    @Test func aFallbackStandsInForAFileThatIsNotThere() throws {
        let text = "underlay: {shape: coordinates, file: gone.xml, fallback: plane}"
        let read = try Read.whole(text, folder: "/nowhere")
        guard case .plane = read.scenario.underlay.shape else {
            Issue.record("\(read.scenario.underlay.shape)")
            return
        }
        #expect(read.notices.count == 1 && read.notices[0].contains("gone.xml"))
        // Who names a file on the command line wants that file.
        #expect(Read.errors(text, overrides: ["underlay.file=/nowhere/x.xml"]).joined().contains("there is no file"))
        #expect(Read.errors("underlay: {shape: matrix, file: gone.txt}").joined().contains("there is no file gone.txt"))
    }

    @Test func aFileThatIsThereAndWrongIsNoReasonToFallBack() throws {
        let folder = try TemporaryFolder(["f": "0 1\n1\n"])
        let told = Read.errors("underlay: {shape: matrix, file: f, fallback: plane}", folder: folder.path)
        #expect(told.count == 1 && told[0].hasPrefix("f:2:1"))
        #expect(Read.errors("underlay: {shape: matrix, file: ., fallback: plane}", folder: folder.path).count == 1)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: latency.path), "the latency data are not at hand"))
    func theDataSetsAreRead() throws {
        let places = Self.latency.appending(path: "oversim-nodes_2d_15000.xml").path
        let rows = Self.latency.appending(path: "planetlab-490x490-rtt-ms.txt").path
        let steady = try #require(BuiltInScenario.named("steady"))
        let matrix = try #require(BuiltInScenario.named("steady-matrix"))
        guard
            case .coordinates(_, let found) = try steady.reading(overrides: [ScenarioOverride("underlay.file", places)])
                .scenario.underlay.shape,
            case .matrix(_, let times) = try matrix.reading(overrides: [ScenarioOverride("underlay.file", rows)])
                .scenario.underlay.shape
        else {
            Issue.record("the files were not used")
            return
        }
        #expect(found.count == 15_000 && times.count == 490)
    }
}
