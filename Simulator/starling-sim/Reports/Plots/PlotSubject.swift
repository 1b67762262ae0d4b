/// What a plot is about, told by the names of its curves or time lines.
struct PlotSubject {
    /// Equal for all that belong into one plot.
    let key: String
    let title: String
    let note: String
    /// What its values are, for the axis.
    let quantity: String
    let isStacked: Bool
    /// Whether the title leaves it to the lines' names to say what they are of.
    let isShared: Bool
    /// What the names in it have in common at their start and at their end.
    private let start: String
    private let end: String

    private static let statistics: Set<String> = ["mean", "min", "max", "median", "total", "low", "high"]

    /// A cumulative distribution: `get.latency_ms` and `put.latency_ms` share a plot, `presence.delay_ms` has its own.
    init(curve name: String, unit: String) {
        let last = Self.last(name)
        let notes = [
            "latency_ms": "From the request to the first valid answer, or to the last copy of what is stored.",
            "hops": "How many steps away from the asking node the answer was.",
            "messages": "Requests sent for one lookup or store.",
            "delay_ms": "From a change to a watcher that hears of it.",
        ]
        isShared = notes[last] != nil && last != "delay_ms"
        key = isShared ? "\(last) \(unit)" : "\(name) \(unit)"
        title = (isShared ? Self.words(last) : Self.words(name)).capitalizedFirst
        note = notes[last] ?? ""
        quantity = Self.words(last)
        isStacked = false
        start = isShared ? "" : name
        end = isShared ? last : ""
    }

    /// A time line: `bytes.find_nodes` is stacked with all other `bytes.…`, `get.success` stands with `put.success`,
    /// and `replicas.p10` with `replicas.mean`.
    init(series name: String, unit: String) {
        let last = Self.last(name)
        let parent = name == last ? "" : String(name.dropLast(last.count + 1))
        let first = name.split(separator: ".").first.map(String.init) ?? ""
        isStacked = name != last && ["bytes", "bytes_per_second"].contains(first)
        isShared = isStacked || last == "success"
        if isStacked {
            (start, end) = (first + ".", "")
            (key, title, quantity) = ("\(first). \(unit)", "Traffic by message kind", "traffic")
            note = "The bands lie on top of each other; their upper edge is the whole."
        } else if last == "success" {
            (start, end) = ("", last)
            (key, title, quantity) = ("success", "Success over time", "share that succeeded")
            note = ""
        } else if !parent.isEmpty, Self.statistics.contains(last) || Self.isPercentile(last) {
            (start, end) = (parent + ".", "")
            key = "\(parent). \(unit)"
            title = Self.title(of: parent)
            quantity = Self.words(Self.last(parent))
            note = ""
        } else {
            (start, end) = (name, "")
            key = "\(name) \(unit)"
            title = Self.title(of: name)
            quantity = Self.words(last)
            note = ""
        }
    }

    /// What of a name tells it from the others of its plot.
    func line(_ name: String) -> String {
        var rest = Substring(name)
        if rest.hasPrefix(start) { rest = rest.dropFirst(start.count) }
        if !end.isEmpty, rest.hasSuffix(end) { rest = rest.dropLast(end.count) }
        let words = Self.words(rest)
        return words.isEmpty ? Self.words(name) : words
    }

    private static func title(of name: String) -> String {
        let known = [
            "stale_share": "Stale contacts", "replicas": "Replicas of a record", "online": "Nodes online",
            "nodes.online": "Nodes online", "memory": "Memory", "presence.delay_ms": "Presence delay over time",
        ]
        return known[name] ?? words(name).capitalizedFirst + " over time"
    }

    private static func last(_ name: String) -> String {
        name.split(separator: ".").last.map(String.init) ?? name
    }

    private static func isPercentile(_ part: String) -> Bool {
        part.first == "p" && part.count > 1 && part.dropFirst().allSatisfy(\.isNumber)
    }

    /// A name as words, its unit left to the axis.
    private static func words(_ name: some StringProtocol) -> String {
        name.split { $0 == "." || $0 == "_" }.filter { $0 != "ms" }.joined(separator: " ")
    }
}
