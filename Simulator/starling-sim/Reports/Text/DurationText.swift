/// A length of time as a person says it: `0.4 s`, `12 s`, `5 min 12 s`, `3 h 20 min`, `1 d 2 h`.
struct DurationText: CustomStringConvertible {
    let description: String

    init(seconds: Double) {
        guard seconds.isFinite else {
            description = "?"
            return
        }
        if seconds < 59.95 {
            description = seconds < 10 ? "\(max(0, seconds).fixed(1)) s" : "\(seconds.fixed(0)) s"
            return
        }
        let whole = Int(min(seconds, 1e15).rounded())
        let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]
        let first = units.firstIndex { whole >= $0.1 } ?? units.count - 1
        let (name, length) = units[first]
        var text = "\(whole / length) \(name)"
        if first + 1 < units.count {
            let rest = whole % length / units[first + 1].1
            if rest > 0 { text += " \(rest) \(units[first + 1].0)" }
        }
        description = text
    }
}
