import Primitives
import Testing

struct TimeTests {
    private let ends: [UInt64] = [0, 1, 999_999_999, 1_000_000_000, 1 << 62, 1 << 63, .max - 1, .max]
    private let spans: [Int64] = [.min, -.max, -1_000_000_001, -1, 0, 1, 1_000_000_001, .max - 1, .max]

    @Test func additionSaturatesAtBothEnds() {
        for start in ends {
            for span in spans {
                let sum = Instant(nanoseconds: start) + Interval(nanoseconds: span)
                #expect(sum.nanoseconds == Self.saturated(Self.wide(start) + Self.wide(span)))
                let difference = Instant(nanoseconds: start) - Interval(nanoseconds: span == .min ? -.max : span)
                let negated = Self.wide(span == .min ? -.max : span) * -1
                #expect(difference.nanoseconds == Self.saturated(Self.wide(start) + negated))
            }
        }
    }

    @Test func intervalBetweenInstantsSaturates() {
        for a in ends {
            for b in ends {
                let exact = Self.wide(a) - Self.wide(b)
                let clamped = min(max(exact, -Self.wide(Int64.max)), Self.wide(Int64.max))
                #expect(Self.wide((Instant(nanoseconds: a) - Instant(nanoseconds: b)).nanoseconds) == clamped)
            }
        }
    }

    @Test func secondsDoNotWrapIntoThePast() {
        #expect(Instant(secondsSince1970: 1_795_255_913).nanoseconds == 1_795_255_913_000_000_000)
        #expect(Instant(secondsSince1970: .max) == .distantFuture)
        #expect(Instant(secondsSince1970: 18_446_744_073) < .distantFuture)
        #expect(Instant(secondsSince1970: 18_446_744_074) == .distantFuture)
        #expect(Instant(nanoseconds: 1_999_999_999).secondsSince1970 == 1)
    }

    @Test func unitsScaleAndSaturate() {
        #expect(Interval.seconds(2) == .milliseconds(2_000))
        #expect(Interval.minutes(1) == .seconds(60))
        #expect(Interval.hours(-1) == .minutes(-60))
        #expect(Interval.milliseconds(1) == .microseconds(1_000))
        #expect(Interval.hours(.max).nanoseconds == .max)
        #expect(Interval.hours(.min).nanoseconds == -.max)
        #expect(Interval.microseconds(3).inMilliseconds == 0.003)
        #expect(Interval.milliseconds(1_500).inSeconds == 1.5)
    }

    @Test func secondsAreRoundedUp() {
        #expect(Interval.zero.secondsRoundedUp == 0)
        #expect(Interval.seconds(-5).secondsRoundedUp == 0)
        #expect(Interval(nanoseconds: 1).secondsRoundedUp == 1)
        #expect(Interval.seconds(1).secondsRoundedUp == 1)
        #expect(Interval(nanoseconds: 1_000_000_001).secondsRoundedUp == 2)
        #expect(Interval(nanoseconds: .max).secondsRoundedUp == 9_223_372_037)
    }

    @Test func intervalsAddSubtractAndMultiplyWithoutTraps() {
        #expect(Interval(nanoseconds: .max) + .seconds(1) == Interval(nanoseconds: .max))
        #expect(Interval(nanoseconds: -.max) - .seconds(1) == Interval(nanoseconds: -.max))
        #expect(Interval.zero - Interval(nanoseconds: .min) == Interval(nanoseconds: .max))
        #expect(Interval.seconds(3) - .seconds(5) == .seconds(-2))
        #expect(Interval.seconds(10) * 0.25 == .milliseconds(2_500))
        #expect(Interval(nanoseconds: .max) * 2 == Interval(nanoseconds: .max))
        #expect(Interval(nanoseconds: .max) * -2 == Interval(nanoseconds: -.max))
        #expect(Interval.seconds(1) * .infinity == Interval(nanoseconds: .max))
    }

    /// Wide enough for any sum of a UInt64 and an Int64.
    private static func wide(_ value: some BinaryInteger) -> Int128 { Int128(value) }

    private static func saturated(_ value: Int128) -> UInt64 {
        value < 0 ? 0 : value > Int128(UInt64.max) ? .max : UInt64(value)
    }
}
