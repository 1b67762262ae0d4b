/// Collects what was measured and prints it at once, as aligned text or as one JSON object a line.
struct Figures: Sendable {
    let asJSON: Bool

    /// - Parameter measure: a name in lower case with dots, the same for every program that is compared.
    func add(_ measure: String, _ value: Double, _ unit: String) {
        if asJSON {
            print("{\"measure\": \"\(measure)\", \"value\": \(value), \"unit\": \"\(unit)\"}")
        } else {
            let rounded = (value * 1_000).rounded() / 1_000
            print("\(Self.padded(measure, 34)) \(Self.padded("\(rounded)", -12)) \(unit)")
        }
    }

    /// Percentiles of times in seconds, given in milliseconds.
    func add(_ measure: String, times: [Double]) {
        let sorted = times.sorted()
        guard let last = sorted.last else { return }
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
            add("\(measure).\(name)", sorted[index] * 1_000, "ms")
        }
        add("\(measure).max", last * 1_000, "ms")
    }

    /// What each of so many operations cost, less what the nodes use up when nobody asks them for anything.
    func add(_ measure: String, operations: Int, from start: Usage, to end: Usage, idle: IdleRate) {
        let seconds = end.seconds - start.seconds
        let datagrams = end.datagrams - start.datagrams - idle.datagrams * seconds
        let cpu = end.cpuSeconds - start.cpuSeconds - idle.cpu * seconds
        add("\(measure).datagrams", datagrams / Double(operations), "")
        add("\(measure).cpu", cpu / Double(operations) * 1_000, "ms")
    }

    /// - Parameter width: negative to move the text to the right.
    private static func padded(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? space + text : text + space
    }
}
