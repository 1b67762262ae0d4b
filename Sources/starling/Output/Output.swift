import Glibc

/// What the program writes for people: results on standard output, warnings and errors on standard error.
enum Output {
    /// Lines on standard output, gone out when this returns.
    static func line(_ text: String) { write(text + "\n", to: 1) }

    /// A line on standard error that says why the program fails.
    static func error(_ text: String) { errorText("starling: \(text)") }

    /// A line on standard error about something that works and should not stay so.
    static func warning(_ text: String) { errorText("warning: \(text)") }

    /// Text on standard error as it is.
    static func errorText(_ text: String) { write(text + "\n", to: 2) }

    /// Writes all of `text` at once, so that lines of several threads and programs don't mix.
    static func write(_ text: String, to file: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // Whoever shares the terminal or pipe may have made it non-blocking.
                guard errno == EAGAIN else { return }
                var wanted = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
                continue
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The time of day here, as in 14:03:59.
    static func timeOfDay() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits($0) }.joined(separator: ":")
    }

    /// A point in time here, as in 2026-03-14 14:03:59.
    ///
    /// - Parameter seconds: since 1970.
    static func date(_ seconds: UInt64) -> String {
        guard var time = time_t(exactly: seconds) else { return "never" }
        var parts = tm()
        localtime_r(&time, &parts)
        let day = "\(parts.tm_year + 1900)-\(twoDigits(parts.tm_mon + 1))-\(twoDigits(parts.tm_mday))"
        return "\(day) \(twoDigits(parts.tm_hour)):\(twoDigits(parts.tm_min)):\(twoDigits(parts.tm_sec))"
    }

    private static func twoDigits(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The text in so many columns at least.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
