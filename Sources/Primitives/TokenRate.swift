/// How fast a token bucket fills and how many tokens it holds. A bucket itself is only the time at which it will be
/// full again (the generic cell rate algorithm), so one that has not been used needs no memory.
package struct TokenRate: Sendable {
    /// The time in which one token comes.
    private let cost: Interval
    private let burst: Interval

    /// - Parameter perSecond: tokens that come in a second.
    /// - Parameter burst: tokens that a full bucket holds.
    package init(perSecond: Int, burst: Int) {
        cost = Interval(nanoseconds: 1_000_000_000 / Int64(max(perSecond, 1)))
        self.burst = Interval(nanoseconds: cost.nanoseconds * Int64(burst))
    }

    /// Takes tokens out of a bucket.
    ///
    /// - Parameter full: when the bucket will be full; in the past if it is.
    /// - Returns: when it will be full afterwards; nil when it does not hold so many.
    package func take(_ tokens: Int, fullAt full: Instant, at now: Instant) -> Instant? {
        let next = max(full, now) + Interval(nanoseconds: cost.nanoseconds * Int64(tokens))
        return next - now <= burst ? next : nil
    }

    /// When a bucket that will be full at `full` holds so many tokens.
    package func holds(_ tokens: Int, fullAt full: Instant) -> Instant {
        full - burst + Interval(nanoseconds: cost.nanoseconds * Int64(tokens))
    }
}
