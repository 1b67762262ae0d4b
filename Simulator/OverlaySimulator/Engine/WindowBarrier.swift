import Synchronization

/// Where the threads of a simulation wait for each other after each window.
///
/// A window takes some hundred microseconds, so they wait by looking again and again; who has waited for long lets
/// others have the processor.
final class WindowBarrier: Sendable {
    private let parties: Int
    private let arrived = Atomic<Int>(0)
    private let generation = Atomic<Int>(0)
    private let pause: @Sendable () -> Void

    private static let spins = 4_000

    /// - Parameter pause: gives the processor to others for a moment.
    init(parties: Int, pause: @escaping @Sendable () -> Void) {
        self.parties = parties
        self.pause = pause
    }

    /// Returns when all parties have called it. What they did before is seen by all after it.
    func wait() {
        let mine = generation.load(ordering: .acquiring)
        if arrived.add(1, ordering: .acquiringAndReleasing).newValue == parties {
            arrived.store(0, ordering: .relaxed)
            generation.store(mine + 1, ordering: .releasing)
            return
        }
        var tries = 0
        while generation.load(ordering: .acquiring) == mine {
            tries += 1
            if tries > Self.spins { pause() }
        }
    }
}
