import Primitives

extension Underlay {
    /// Sends a datagram on its way.
    ///
    /// It waits for those that the node sent before and leaves its line byte by byte; then it may be lost; if not, it
    /// takes the delay between the two nodes, jitter, and another full delay when it is overtaken. Random numbers are
    /// drawn only for what the plan has.
    /// - Parameters:
    ///   - bytes: on the wire.
    ///   - uplinkFree: when the source's line has sent all before, in nanoseconds; it moves on.
    /// - Returns: when it arrives, ``leastDelay`` after `now` at least; nil when it is lost.
    @inline(__always)
    package func journey(
        from source: Int, to destination: Int, bytes: Int, at now: Instant, uplinkFree: inout UInt64,
        random: inout RandomSource
    ) -> Instant? {
        var departure = now
        if uplinkBytesPerSecond > 0 {
            departure.nanoseconds = max(now.nanoseconds, uplinkFree) + transmission(of: bytes)
            uplinkFree = departure.nanoseconds
        }
        if loss > 0, random.unit() < loss { return nil }
        let delay = delay(from: source, to: destination)
        guard jitter > .zero || reordering > 0 else { return departure + delay }
        return departure + disturbed(delay, using: &random)
    }

    /// How long the line needs for so many bytes, in nanoseconds.
    private func transmission(of bytes: Int) -> UInt64 {
        UInt64(bytes) * 1_000_000_000 / uplinkBytesPerSecond
    }

    private func disturbed(_ delay: Interval, using random: inout RandomSource) -> Interval {
        var total = delay
        if jitter > .zero { total = total + jitter * random.exponential() }
        if reordering > 0, random.unit() < reordering { total = total + delay }
        return total
    }
}
