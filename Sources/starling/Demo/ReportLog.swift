import Synchronization

/// What a phone has reported, for those who wait for something in it.
final class ReportLog<Report: Sendable>: Sendable {
    private struct State {
        var reports: [Report] = []
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiting: UInt64 = 0
    }

    private let state = Mutex(State())

    /// All reports so far, in order.
    var reports: [Report] { state.withLock { $0.reports } }

    func add(_ report: Report) {
        let waiting = state.withLock { state in
            state.reports.append(report)
            defer { state.waiting.removeAll() }
            return state.waiting.values.map { $0 }
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when there are more than `count` reports, or at the deadline.
    func change(beyond count: Int, until deadline: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state -> UInt64? in
                guard state.reports.count <= count else { return nil }
                state.lastWaiting += 1
                state.waiting[state.lastWaiting] = continuation
                return state.lastWaiting
            }
            guard let number else { return continuation.resume() }
            Task {
                try? await Task.sleep(until: deadline)
                state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
            }
        }
    }
}
