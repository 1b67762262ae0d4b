import Dispatch
import Foundation
import Glibc
import OverlaySimulator

/// What a simulation needs of the machine.
enum SimulationHost {
    static func make() -> Simulation.Host {
        Simulation.Host(
            concurrently: { count, body in inThreads(count, body) }, pause: { sched_yield() },
            isStopped: { StopSignal.count > 0 }, memory: { currentMemory })
    }

    /// Runs the closure on threads of its own: they wait for each other, so all must run at once.
    private static func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 1..<count {
            group.enter()
            let thread = Thread {
                body(index)
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        body(0)
        group.wait()
    }

    /// Bytes that the process has in memory; 0 if the system does not say.
    private static var currentMemory: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * Int(getpagesize())
    }

    /// The most bytes that the process had in memory.
    static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1_024
    }
}
