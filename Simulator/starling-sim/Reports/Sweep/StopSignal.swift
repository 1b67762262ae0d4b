import Foundation
import Synchronization

/// How often somebody asked this program to end, by Ctrl-C or SIGTERM.
enum StopSignal {
    private static let counted = Atomic<Int>(0)

    /// Counts from now on, where the program would have ended at once.
    static func watch() {
        // The counter is made here: a signal's handler must not be the first to touch it.
        counted.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in StopSignal.counted.add(1, ordering: .relaxed) }
        }
    }

    static var count: Int { counted.load(ordering: .relaxed) }
}
