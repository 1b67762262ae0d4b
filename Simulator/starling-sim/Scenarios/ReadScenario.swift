import OverlaySimulator

/// A scenario that was read, and what a person should know about how.
struct ReadScenario {
    var scenario: Scenario
    /// Sentences to print before the run: what stands in for a file that is not at hand.
    var notices: [String] = []
}
