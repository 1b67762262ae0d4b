import Primitives

/// How far a run of a scenario has come.
package struct RunProgress: Sendable {
    /// What the run is doing, in a word: `joining`, `settling`, `measuring`.
    package var stage: String
    /// How much of the whole run is done, 0 to 1.
    package var share: Double
    /// Messages that arrived and wake-ups that did something, so far.
    package var events: Int
    /// Since the start of the run, on the simulated clock.
    package var virtualTime: Interval

    package init(stage: String, share: Double, events: Int, virtualTime: Interval) {
        self.stage = stage
        self.share = share
        self.events = events
        self.virtualTime = virtualTime
    }
}
