import Foundation
import Testing

@testable import starling_sim

/// A script stands for the program, so that each ending can be brought about.
struct SweepRunnerTests {
    private let folder: TemporaryFolder
    private let plan = SweepPlan(variations: [], seeds: [1, 2, 3, 4])

    init() throws {
        folder = try TemporaryFolder()
        try Data(SampleReport.summary.json.text.utf8).write(to: folder.url.appendingPathComponent("missed.json"))
        let good = SampleReport.summary.json.text
            .replacing(
                "\"bound\": 270, \"value\": 276.3, \"met\": false", with: "\"bound\": 270, \"value\": 2, \"met\": true")
        try Data(good.utf8).write(to: folder.url.appendingPathComponent("good.json"))
    }

    /// Runs four seeds with a script that is given the seed as `$seed` and its folder as `$out`.
    private func outcomes(_ script: String, jobs: Int = 2, stops: () -> Int = { 0 }) throws -> [SweepOutcome] {
        let program = folder.url.appendingPathComponent("program")
        let text = """
            #!/bin/sh
            [ "$1 $2 $3 $5 $7" = "run a-scenario --seed --out --quiet" ] || exit 64
            seed=$4 out=$6 here=\(folder.url.path)
            \(script)
            """
        try Data(text.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        let runner = SweepRunner(
            executable: program, scenario: "a-scenario", folder: folder.url.appendingPathComponent("out"), jobs: jobs)
        return runner.outcomes(of: plan.runs, stops: stops, progress: { _ in })
    }

    @Test func everyEndingIsTold() throws {
        let outcomes = try outcomes(
            """
            case $seed in
            1) cp $here/good.json $out/summary.json ;;
            2) cp $here/missed.json $out/summary.json; exit 1 ;;
            3) echo first; echo "no such scenario" >&2; exit 2 ;;
            4) cp $here/good.json $out/summary.json; kill -9 $$ ;;
            esac
            """)
        #expect(outcomes[0].complaint == nil && outcomes[0].summary?.scenario == "churn")
        #expect(outcomes[1].complaint == "get.latency_ms.p90 276 ms, ≤ 270 ms, missed by 6.3 ms (2.33 %)")
        #expect(outcomes[2] == .failed("exited with 2, and left no summary: no such scenario"))
        #expect(outcomes[3] == .failed("died of signal 9"))
    }

    @Test func anOlderSummaryDoesNotCount() throws {
        let old = folder.url.appendingPathComponent("out/seed-1")
        try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
        try Data(SampleReport.summary.json.text.utf8).write(to: old.appendingPathComponent("summary.json"))
        #expect(try outcomes("exit 0")[0] == .failed("exited with 0, and left no summary"))
    }

    /// The first two runs wait for each other: they end only when they run side by side.
    @Test func runsGoSideBySide() throws {
        let outcomes = try outcomes(
            """
            : > $here/started-$seed
            other=$((seed % 2 == 1 ? seed + 1 : seed - 1))
            until [ -e $here/started-$other ]; do sleep 0.01; done
            cp $here/good.json $out/summary.json
            """)
        #expect(outcomes.allSatisfy { $0.complaint == nil })
    }

    /// Runs that are asked to end still leave their reports, and no further run starts.
    @Test func stoppingAsksRunsToEnd() throws {
        let started = folder.url.appendingPathComponent("started-2")
        let outcomes = try outcomes(
            """
            trap 'cp $here/missed.json $out/summary.json; exit 1' INT
            : > $here/started-$seed
            while :; do sleep 0.01; done
            """, stops: { FileManager.default.fileExists(atPath: started.path) ? 1 : 0 })
        #expect(outcomes[1].summary != nil)
        #expect(outcomes[2] == .stopped && outcomes[3] == .stopped)
    }

    @Test func stoppingTwiceEndsThemAtOnce() throws {
        let started = folder.url.appendingPathComponent("started-2")
        let outcomes = try outcomes(
            """
            trap '' INT
            : > $here/started-$seed
            while :; do sleep 0.01; done
            """, stops: { FileManager.default.fileExists(atPath: started.path) ? 2 : 0 })
        #expect(outcomes[1] == .failed("died of signal 9, and left no summary"))
        #expect(outcomes[2] == .stopped)
    }

    @Test func aProgramThatIsNotThereFails() {
        let runner = SweepRunner(
            executable: folder.url.appendingPathComponent("absent"), scenario: "x",
            folder: folder.url.appendingPathComponent("out"), jobs: 1)
        let outcomes = runner.outcomes(of: plan.runs, stops: { 0 }, progress: { _ in })
        #expect(outcomes.allSatisfy { $0.complaint?.hasPrefix("can't be started") == true })
    }
}
