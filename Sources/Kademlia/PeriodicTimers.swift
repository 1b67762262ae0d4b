import Primitives

/// The deadlines of the ``PeriodicTimer``s, in place: each core has them, however idle it is.
struct PeriodicTimers: Sendable {
    private var deadlines = InlineArray<12, Instant>(repeating: .distantFuture)

    /// The earliest deadline; distant future when there is none. Every event asks for it, and few change it.
    private(set) var earliest = Instant.distantFuture

    /// The deadline of a timer, if it is set.
    subscript(timer: PeriodicTimer) -> Instant? {
        deadlines[timer.rawValue] == .distantFuture ? nil : deadlines[timer.rawValue]
    }

    mutating func set(_ timer: PeriodicTimer, to deadline: Instant) {
        deadlines[timer.rawValue] = deadline
        noteEarliest()
    }

    mutating func remove(_ timer: PeriodicTimer) { set(timer, to: .distantFuture) }

    private mutating func noteEarliest() {
        earliest = .distantFuture
        for index in deadlines.indices { earliest = min(earliest, deadlines[index]) }
    }

    /// Takes the timer with the earliest deadline that is not after `now`.
    mutating func popDue(at now: Instant) -> PeriodicTimer? {
        guard earliest <= now, earliest != .distantFuture,
            let timer = PeriodicTimer.allCases.first(where: { deadlines[$0.rawValue] == earliest })
        else { return nil }
        remove(timer)
        return timer
    }
}
