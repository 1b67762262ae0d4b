/// How a threshold was met.
package struct Verdict: Hashable, Sendable {
    package var threshold: Threshold
    /// nil when the run has no such figure.
    package var value: Double?
    package var isMet: Bool

    package init(threshold: Threshold, value: Double?, isMet: Bool) {
        self.threshold = threshold
        self.value = value
        self.isMet = isMet
    }
}
