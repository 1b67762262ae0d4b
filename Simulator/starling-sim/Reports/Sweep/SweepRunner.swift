import Foundation

/// Runs a sweep's processes, so many at a time.
struct SweepRunner {
    let executable: URL
    let scenario: String
    let folder: URL
    /// How many run side by side, at least one.
    let jobs: Int

    /// How long runs that were asked to end have for their reports.
    private static let patience = Duration.seconds(20)
    private static let pause = 0.03

    /// Starts all runs in their order and waits for them.
    ///
    /// - Parameters:
    ///   - stops: how often somebody has asked to stop: after the first time nothing is started any more and what
    ///     runs is asked to end, after the second time it is ended at once.
    ///   - progress: is told how many runs have ended, whenever one has.
    /// - Returns: an outcome for each run, in their order.
    func outcomes(of runs: [SweepRun], stops: () -> Int, progress: (Int) -> Void) -> [SweepOutcome] {
        var outcomes: [SweepOutcome?] = Array(repeating: nil, count: runs.count)
        var running: [(index: Int, child: SweepChild)] = []
        var next = 0
        var stopped: ContinuousClock.Instant?
        while next < runs.count || !running.isEmpty {
            while stopped == nil, stops() == 0, next < runs.count, running.count < jobs {
                do {
                    let child = try SweepChild(runs[next], executable: executable, scenario: scenario, in: folder)
                    running.append((next, child))
                } catch {
                    outcomes[next] = .failed("can't be started: \(error.localizedDescription)")
                }
                next += 1
            }
            Thread.sleep(forTimeInterval: Self.pause)
            if stops() > 0 {
                next = runs.count
                if stopped == nil {
                    stopped = .now
                    running.forEach { $0.child.interrupt() }
                }
                let isOverdue = stopped.map { $0.duration(to: .now) > Self.patience } ?? false
                if stops() > 1 || isOverdue { running.forEach { $0.child.kill() } }
            }
            for (index, child) in running where !child.isRunning { outcomes[index] = child.outcome }
            running.removeAll { outcomes[$0.index] != nil }
            progress(outcomes.count { $0 != nil })
        }
        return outcomes.map { $0 ?? .stopped }
    }
}
