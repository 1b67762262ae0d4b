import Dispatch
import NodeIO
import OverlayNode
import Synchronization

/// Writes one line for each thing that happens: events on standard output, warnings on standard error.
///
/// Lines are written on a thread of their own, so that a terminal that was stopped never stops the node; when too
/// many wait, some are left out and counted.
final class EventPrinter: Sendable {
    /// Lines that may wait: some megabytes.
    private static let maximumWaiting = 20_000

    private let detail: LogDetail
    private let queue = DispatchQueue(label: "starling.events")
    private let waiting = Atomic<Int>(0)
    private let leftOut = Atomic<Int>(0)

    init(_ detail: LogDetail) { self.detail = detail }

    /// Writes an observation, when it is of the detail wanted.
    func print(_ observation: Observation) {
        guard observation.level >= detail.level else { return }
        let line = "\(Output.timeOfDay())  \(observation.text)\n"
        let isWarning = observation.level == .warning
        guard waiting.load(ordering: .relaxed) < Self.maximumWaiting else {
            leftOut.add(1, ordering: .relaxed)
            return
        }
        waiting.add(1, ordering: .relaxed)
        queue.async { [self] in
            waiting.subtract(1, ordering: .relaxed)
            Output.write(isWarning ? "\(line.prefix(8))  warning: \(line.dropFirst(10))" : line, to: isWarning ? 2 : 1)
            let missing = leftOut.exchange(0, ordering: .relaxed)
            if missing > 0 { Output.warning("\(missing) lines could not be written in time and are left out") }
        }
    }

    /// Writes a line of the program's own.
    func say(_ text: String) { print(Observation(.event, "starling", text)) }

    /// Returns when everything is written, or after a second.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + 1)
    }
}
