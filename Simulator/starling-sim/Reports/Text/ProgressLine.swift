import Foundation
import OverlaySimulator

/// How far a run is, in a line: a bar, the share that is done, what it does a second, and how long it will still take.
///
/// Both rates are of the last seconds, since a run's parts differ in speed.
struct ProgressLine {
    private var lastElapsed = 0.0
    private var lastShare = 0.0
    private var lastEvents = 0
    private var sharesPerSecond = 0.0
    private var eventsPerSecond = 0.0

    private static let barWidth = 24
    /// After so many seconds two thirds of a rate come from the time since.
    private static let memory = 8.0

    /// The line after `elapsed` seconds on the clock on the wall, which only grow from call to call.
    mutating func text(_ progress: RunProgress, after elapsed: Double) -> String {
        let share = min(1, max(0, progress.share))
        learn(share: share, events: progress.events, elapsed: elapsed)
        let filled = Int(share * Double(Self.barWidth))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
        // Rounded down: a run at 100 % is over.
        let percent = (share * 1_000).rounded(.down) / 10
        var parts = [
            "\(percent.fixed(1)) %", progress.stage, "\(eventsPerSecond.fixed(0)) events/s",
            "\(DurationText(seconds: progress.virtualTime.inSeconds)) simulated",
        ]
        if share < 1, sharesPerSecond > 0 {
            parts.append("\(DurationText(seconds: (1 - share) / sharesPerSecond)) left")
        }
        return "\(bar) \(parts.joined(separator: ", "))"
    }

    private mutating func learn(share: Double, events: Int, elapsed: Double) {
        let time = elapsed - lastElapsed
        guard time > 0 else { return }
        let isFirst = lastElapsed == 0
        let weight = isFirst ? 1 : 1 - exp(-time / Self.memory)
        sharesPerSecond += weight * (max(0, share - lastShare) / time - sharesPerSecond)
        eventsPerSecond += weight * (Double(max(0, events - lastEvents)) / time - eventsPerSecond)
        (lastElapsed, lastShare, lastEvents) = (elapsed, share, events)
    }
}
