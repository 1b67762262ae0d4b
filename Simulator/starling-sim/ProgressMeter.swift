import Foundation
import OverlaySimulator

/// One line on standard error that is written over a few times a second.
struct ProgressMeter {
    private let isQuiet: Bool
    private var last = Duration.zero
    private var hasWritten = false

    private static let period = Duration.milliseconds(200)

    init(isQuiet: Bool) { self.isQuiet = isQuiet || isatty(STDERR_FILENO) == 0 }

    mutating func show(_ progress: SimulationProgress, after elapsed: Duration) {
        guard !isQuiet, elapsed - last >= Self.period else { return }
        last = elapsed
        hasWritten = true
        let rate = Double(progress.events) / max(elapsed.seconds, 1e-9)
        write(
            "\r\(progress.stage.rawValue) \(progress.done)/\(progress.total), "
                + "\(Int(progress.virtualTime.inSeconds)) s simulated, \(Int(rate)) events/s\u{1B}[K")
    }

    func end() {
        if hasWritten { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

extension Duration {
    /// The whole as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
