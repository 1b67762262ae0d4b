import Foundation
import OverlaySimulator

/// One line on standard error that is written over a few times a second.
struct ProgressMeter {
    private let isQuiet: Bool
    private var last = Duration.zero
    private var hasWritten = false
    private var line = ProgressLine()

    private static let period = Duration.milliseconds(200)

    /// - Parameter isQuiet: whether nothing is written; nor is it where standard error is no terminal.
    init(isQuiet: Bool) { self.isQuiet = isQuiet || isatty(STDERR_FILENO) == 0 }

    /// - Parameter elapsed: since the start of the run, on the clock on the wall.
    mutating func show(_ progress: RunProgress, after elapsed: Duration) {
        guard isDue(elapsed) else { return }
        write(line.text(progress, after: elapsed.seconds))
    }

    /// Takes the line away, so that what follows does not stand behind it.
    func end() {
        if hasWritten { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }

    private mutating func isDue(_ elapsed: Duration) -> Bool {
        guard !isQuiet, elapsed - last >= Self.period else { return false }
        last = elapsed
        hasWritten = true
        return true
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data("\r\(text)\u{1B}[K".utf8)) }
}

extension Duration {
    /// The whole as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
