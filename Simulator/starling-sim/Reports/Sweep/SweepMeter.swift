import Foundation

/// How many runs of a sweep have ended, in a line on standard error.
struct SweepMeter {
    private let isSilent: Bool
    private let total: Int

    init(isQuiet: Bool, total: Int) {
        isSilent = isQuiet || isatty(STDERR_FILENO) == 0
        self.total = total
    }

    func show(_ done: Int) { write("\r\(done) of \(total) runs done\u{1B}[K") }

    func end() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        if !isSilent { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
