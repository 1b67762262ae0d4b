import Glibc

/// How busy the calling thread is: the share of the time for which it ran, or waited for a disk.
///
/// That it waits for a processor says more of other programs than of what is asked of this one, and is left out.
///
/// Always asked from one thread, that of the loop whose load is measured.
struct ThreadLoad {
    /// Asking costs a few microseconds, and less time would say little.
    private static let shortest: UInt64 = 250_000_000

    private var last: (busy: UInt64, at: UInt64)?
    /// For how long the thread has waited for something that it could not do without, such as a disk.
    private var blocked: UInt64 = 0

    /// - Returns: the share since the last measurement, from 0 to 1; nil when that was just now, or the system does not say.
    mutating func measure() -> Double? {
        let now = Self.nanoseconds(CLOCK_MONOTONIC)
        if let last, now - last.at < Self.shortest { return nil }
        let busy = Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID) + blocked
        defer { last = (busy, now) }
        guard let last, busy >= last.busy else { return nil }
        return min(1, Double(busy - last.busy) / Double(now - last.at))
    }

    /// Does what may wait for a disk, and counts the wait as being busy.
    mutating func counting<Result>(_ work: () -> Result) -> Result {
        let (began, ran) = (Self.nanoseconds(CLOCK_MONOTONIC), Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID))
        let result = work()
        let (all, own) = (
            Self.nanoseconds(CLOCK_MONOTONIC) - began, Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID) - ran
        )
        if all > own { blocked += all - own }
        return result
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
