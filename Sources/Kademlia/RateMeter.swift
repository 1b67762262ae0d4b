import Primitives

/// Counts something that happens, and tells how often it does: a mean over windows of five seconds, in which each has
/// a third less weight than the one after it.
struct RateMeter: Sendable {
    private(set) var total: UInt64 = 0
    /// A second, over all windows that are over.
    private var mean: Float = 0
    /// Of the window that is not over.
    private var current: UInt32 = 0
    /// Its number since 1970.
    private var window: UInt32 = 0

    private static let windowSeconds: UInt64 = 5
    /// The weight of the newest window.
    private static let share: Float = 0.3

    mutating func count(at now: Instant) {
        roll(to: now)
        total &+= 1
        current &+= 1
    }

    /// How often a second it happened of late.
    func perSecond(at now: Instant) -> Double {
        var rolled = self
        rolled.roll(to: now)
        return Double(rolled.mean)
    }

    private mutating func roll(to now: Instant) {
        let next = UInt32(truncatingIfNeeded: now.secondsSince1970 / Self.windowSeconds)
        guard next > window else { return }
        mean += (Float(current) / Float(Self.windowSeconds) - mean) * (mean == 0 ? 1 : Self.share)
        // After so many empty windows nothing is left of it.
        for _ in 0..<min(next - window - 1, 64) { mean -= mean * Self.share }
        if mean < 0.001 { mean = 0 }
        current = 0
        window = next
    }
}
