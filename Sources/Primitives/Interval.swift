/// A length of time in nanoseconds; negative when it points backwards.
///
/// `Swift.Duration` is twice the size and several times slower to add, and cores add times on every event.
@usableFromInline package struct Interval: Hashable, Comparable, Sendable {
    @usableFromInline package var nanoseconds: Int64

    @inlinable package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static let zero = Interval(nanoseconds: 0)

    @inlinable package static func seconds(_ n: Int) -> Interval { scaled(n, by: 1_000_000_000) }
    @inlinable package static func milliseconds(_ n: Int) -> Interval { scaled(n, by: 1_000_000) }
    @inlinable package static func microseconds(_ n: Int) -> Interval { scaled(n, by: 1_000) }
    @inlinable package static func minutes(_ n: Int) -> Interval { scaled(n, by: 60_000_000_000) }
    @inlinable package static func hours(_ n: Int) -> Interval { scaled(n, by: 3_600_000_000_000) }

    /// `n` units of `unit` nanoseconds, saturated, so that a number from a peer can't trap.
    @inlinable static func scaled(_ n: Int, by unit: Int64) -> Interval {
        let (product, overflow) = Int64(n).multipliedReportingOverflow(by: unit)
        return Interval(nanoseconds: overflow ? (n < 0 ? -Int64.max : .max) : product)
    }

    @inlinable package var inSeconds: Double { Double(nanoseconds) / 1e9 }
    @inlinable package var inMilliseconds: Double { Double(nanoseconds) / 1e6 }

    /// Whole seconds, rounded up: an expiry of 0.2 s still has a second to go, not none.
    @inlinable package var secondsRoundedUp: Int {
        nanoseconds <= 0 ? 0 : Int((nanoseconds - 1) / 1_000_000_000) + 1
    }

    @inlinable package static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }

    @inlinable package static func + (a: Interval, b: Interval) -> Interval {
        let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
        return Interval(nanoseconds: overflow ? (a.nanoseconds < 0 ? -Int64.max : .max) : sum)
    }

    @inlinable package static func - (a: Interval, b: Interval) -> Interval {
        a + Interval(nanoseconds: b.nanoseconds == .min ? .max : -b.nanoseconds)
    }

    /// The interval times a factor that the caller computed; saturated.
    @inlinable package static func * (a: Interval, factor: Double) -> Interval {
        let product = Double(a.nanoseconds) * factor
        if product >= 9.2e18 { return Interval(nanoseconds: .max) }
        if product <= -9.2e18 { return Interval(nanoseconds: -Int64.max) }
        return Interval(nanoseconds: Int64(product))
    }
}
