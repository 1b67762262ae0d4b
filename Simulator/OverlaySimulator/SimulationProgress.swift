import Primitives

/// How far a run has come.
package struct SimulationProgress: Sendable {
    /// What the run is doing.
    package enum Stage: String, Sendable {
        case joining, settling, storing, finding
    }

    package var stage: Stage
    package var done: Int
    package var total: Int
    package var events: Int
    /// Since the start of the run, on the simulated clock.
    package var virtualTime: Interval
}
