/// The names of the figures that runs have: what thresholds may be set on and what docs/scenarios.md explains.
package struct MetricName: Sendable {
    /// The name; `{a,b}` stands for either word: `get.latency_ms.{p50,p99}` is two names.
    package let pattern: String
    /// What the value counts; ``share`` for those from 0 to 1.
    package let unit: String
    /// What is counted, to follow the name in a table.
    package let meaning: String

    /// The unit of values from 0 to 1.
    package static let share = "share"

    /// Every name that the pattern stands for, in its order.
    package var names: [String] { Self.expanded(Substring(pattern)) }

    /// The entry that a name belongs to; nil for a name that no run has.
    package static func of(_ name: String) -> MetricName? { all.first { $0.names.contains(name) } }

    private static func expanded(_ pattern: Substring) -> [String] {
        guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}") else {
            return [String(pattern)]
        }
        let endings = expanded(pattern[pattern.index(after: close)...])
        return pattern[pattern.index(after: open)..<close].split(separator: ",").flatMap { word in
            endings.map { pattern[..<open] + word + $0 }
        }
    }
}
