import Primitives

/// How long answers take, learned as TCP does (RFC 6298 §2): a smoothed mean and mean deviation of the samples.
struct RoundTripEstimate: Sendable, Hashable {
    private(set) var smoothed = Interval.zero
    private(set) var deviation = Interval.zero
    private(set) var hasSamples = false

    /// With no sample to go by: the better part of round trips on the Internet is shorter.
    private static let firstGuess = Interval.milliseconds(400)
    /// Below this a busy peer looks like a dead one.
    private static let leastShort = Interval.milliseconds(20)
    private static let leastHard = Interval.milliseconds(500)
    /// Who needs longer is of no use to a lookup.
    private static let mostHard = Interval.seconds(3)

    mutating func add(_ sample: Interval) {
        guard sample >= .zero else { return }
        guard hasSamples else {
            hasSamples = true
            smoothed = sample
            deviation = sample * 0.5
            return
        }
        let difference = sample - smoothed
        deviation = deviation * 0.75 + Interval(nanoseconds: Int64(difference.nanoseconds.magnitude)) * 0.25
        smoothed = smoothed * 0.875 + sample * 0.125
    }

    /// After so long without an answer somebody else is asked as well; the answer is still welcome.
    var shortTimeout: Interval {
        hasSamples ? max(smoothed + deviation * 2, Self.leastShort) : Self.firstGuess
    }

    /// After so long the request has failed.
    var hardTimeout: Interval {
        hasSamples ? min(max(smoothed * 2 + deviation * 4, Self.leastHard), Self.mostHard) : Self.mostHard
    }
}
