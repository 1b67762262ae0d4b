import Glibc
import Primitives

/// The clock of a running node: time since 1970 that never runs backwards.
///
/// It is read from the wall clock once and from then on follows the system's steady clock, which counts time
/// asleep too. When the wall clock turns out to be ahead (it was set forward, as on a machine that boots without a
/// battery-backed clock) the node follows; when it is behind, the node waits for it rather than go back.
package struct SystemClock {
    /// How far the wall clock may run ahead before it is followed: less than this is the noise of two readings.
    private static let tolerance = Interval.milliseconds(500)

    private var start: Instant
    private var steadyStart: UInt64

    package init() {
        steadyStart = Self.nanoseconds(of: CLOCK_BOOTTIME)
        start = Instant(nanoseconds: Self.nanoseconds(of: CLOCK_REALTIME))
    }

    /// The time now.
    package mutating func now() -> Instant {
        let steady = Self.nanoseconds(of: CLOCK_BOOTTIME)
        let time = Instant(nanoseconds: start.nanoseconds &+ (steady &- steadyStart))
        let wall = Instant(nanoseconds: Self.nanoseconds(of: CLOCK_REALTIME))
        guard wall - time > Self.tolerance else { return time }
        start = wall
        steadyStart = steady
        return wall
    }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
