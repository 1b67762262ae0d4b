import Primitives

/// How long to wait for an acknowledgement (RFC 6298 §2 and §5), with a smaller floor than the RFC's second: the
/// receivers here acknowledge at once.
struct RoundTripEstimate: Sendable {
    static let floor = Interval.milliseconds(200)
    static let ceiling = Interval.seconds(8)

    private var smoothed: Interval?
    private var variation = Interval.zero
    private var backoff = 0

    /// RFC 6298 §2.1: one second until there is a measurement. §5.5: doubled at each time-out in a row.
    var timeout: Interval {
        let base = smoothed.map { max(Self.floor, $0 + variation * 4) } ?? .seconds(1)
        return min(Self.ceiling, base * Double(1 << backoff))
    }

    /// A measurement of something that was sent only once (§3, Karn's algorithm).
    mutating func measured(_ sample: Interval) {
        guard sample >= .zero else { return }
        if let old = smoothed {
            // §2.3: beta = 1/4 and alpha = 1/8, the variation first.
            let error = sample > old ? sample - old : old - sample
            variation = variation * 0.75 + error * 0.25
            smoothed = old * 0.875 + sample * 0.125
        } else {
            smoothed = sample
            variation = sample * 0.5
        }
        backoff = 0
    }

    mutating func timedOut() { backoff = min(backoff + 1, 6) }

    /// New data was acknowledged: what was lost was not the way itself.
    mutating func progressed() { backoff = 0 }
}
