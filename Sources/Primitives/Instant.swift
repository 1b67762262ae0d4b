/// A point in time: nanoseconds since 1970-01-01T00:00:00Z on the clock of whoever drives the core.
///
/// The clock is the shell's: a real node reads the system's, a simulation makes its own. It never runs
/// backwards. Cores take it as an argument and never ask for it.
@usableFromInline package struct Instant: Hashable, Comparable, Sendable {
    @usableFromInline package var nanoseconds: UInt64

    @inlinable package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// The instant `seconds` whole seconds after 1970; saturated, so that a number from a peer can't wrap into the past.
    @inlinable package init(secondsSince1970 seconds: UInt64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        nanoseconds = overflow ? .max : product
    }

    /// Whole seconds since 1970, rounded down.
    @inlinable package var secondsSince1970: UInt64 { nanoseconds / 1_000_000_000 }

    /// Further off than any deadline.
    package static let distantFuture = Instant(nanoseconds: .max)

    @inlinable package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The earlier of two deadlines, where nil is none.
    @inlinable package static func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }

    /// Saturates at both ends of the scale, so that an interval named by a peer can't trap.
    @inlinable package static func + (a: Instant, b: Interval) -> Instant {
        if b.nanoseconds >= 0 {
            let (sum, overflow) = a.nanoseconds.addingReportingOverflow(UInt64(b.nanoseconds))
            return Instant(nanoseconds: overflow ? .max : sum)
        }
        let magnitude = b.nanoseconds.magnitude
        return Instant(nanoseconds: a.nanoseconds > magnitude ? a.nanoseconds - magnitude : 0)
    }

    @inlinable package static func - (a: Instant, b: Interval) -> Instant {
        a + Interval(nanoseconds: b.nanoseconds == .min ? .max : -b.nanoseconds)
    }

    /// The interval from `b` to `a`, saturated to what an ``Interval`` can hold.
    @inlinable package static func - (a: Instant, b: Instant) -> Interval {
        a >= b
            ? Interval(nanoseconds: Int64(clamping: a.nanoseconds - b.nanoseconds))
            : Interval(nanoseconds: -Int64(clamping: b.nanoseconds - a.nanoseconds))
    }

    @inlinable package static func += (a: inout Instant, b: Interval) { a = a + b }
}
