import Primitives

/// The deadlines of the ``PeriodicTimer``s, in place: each core has them, however idle it is.
struct PeriodicTimers: Sendable {
    private var deadlines = InlineArray<12, Instant>(repeating: .distantFuture)

    /// The earliest deadline; nil when there is none.
    var earliest: Instant? {
        var earliest = Instant.distantFuture
        for index in deadlines.indices { earliest = min(earliest, deadlines[index]) }
        return earliest == .distantFuture ? nil : earliest
    }

    /// The deadline of a timer, if it is set.
    subscript(timer: PeriodicTimer) -> Instant? {
        deadlines[timer.rawValue] == .distantFuture ? nil : deadlines[timer.rawValue]
    }

    mutating func set(_ timer: PeriodicTimer, to deadline: Instant) { deadlines[timer.rawValue] = deadline }

    mutating func remove(_ timer: PeriodicTimer) { deadlines[timer.rawValue] = .distantFuture }

    /// Takes the timer with the earliest deadline that is not after `now`.
    mutating func popDue(at now: Instant) -> PeriodicTimer? {
        var first = 0
        for index in deadlines.indices where deadlines[index] < deadlines[first] { first = index }
        guard deadlines[first] <= now, deadlines[first] != .distantFuture else { return nil }
        deadlines[first] = .distantFuture
        return PeriodicTimer(rawValue: first)
    }
}
