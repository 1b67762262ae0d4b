import Primitives

/// How long answers take, learned as TCP does (RFC 6298 §2): a smoothed mean and mean deviation of the samples.
///
/// Both are kept in half milliseconds, up to 32 s: four bytes for each of hundreds of contacts.
struct RoundTripEstimate: Sendable, Hashable {
    private var mean: UInt16 = 0
    private var spread: UInt16 = 0

    private static let unit: Int64 = 500_000
    /// With no sample to go by: the better part of round trips on the Internet is shorter.
    private static let firstGuess = Interval.milliseconds(400)
    /// Below this a busy peer looks like a dead one.
    private static let leastShort = Interval.milliseconds(20)
    private static let leastHard = Interval.milliseconds(500)
    /// Who needs longer is of no use to a lookup.
    private static let mostHard = Interval.seconds(3)

    var hasSamples: Bool { mean != 0 }
    var smoothed: Interval { Interval(nanoseconds: Int64(mean) * Self.unit) }
    var deviation: Interval { Interval(nanoseconds: Int64(spread) * Self.unit) }

    mutating func add(_ sample: Interval) {
        guard sample >= .zero else { return }
        // At least one unit, since 0 stands for no sample.
        let units = UInt32(clamping: min(max(sample.nanoseconds / Self.unit, 1), Int64(UInt16.max)))
        guard hasSamples else {
            mean = UInt16(units)
            spread = UInt16(units / 2)
            return
        }
        let old = UInt32(mean)
        let difference = units > old ? units - old : old - units
        spread = UInt16((UInt32(spread) * 3 + difference + 2) / 4)
        mean = UInt16((old * 7 + units + 4) / 8)
    }

    /// After so long without an answer somebody else is asked as well; the answer is still welcome.
    var shortTimeout: Interval {
        hasSamples ? max(smoothed + deviation * 2, Self.leastShort) : Self.firstGuess
    }

    /// After so long the request has failed.
    var hardTimeout: Interval {
        hasSamples ? min(max(smoothed * 2 + deviation * 4, Self.leastHard), Self.mostHard) : Self.mostHard
    }

    /// Whether answers come so much sooner that it is worth changing contacts: by a fifth, or it would never end.
    func isClearlyShorter(than other: RoundTripEstimate) -> Bool {
        hasSamples && UInt32(mean) * 5 < UInt32(other.mean) * 4
    }
}
