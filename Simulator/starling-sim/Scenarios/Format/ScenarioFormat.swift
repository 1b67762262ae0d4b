import OverlaySimulator

/// Everything that a scenario file can say. docs/scenarios.md tells the same to people.
enum ScenarioFormat {
    /// The keys with one value each, in the order of the page.
    static let keys = run + underlay + churn + reachability + workload + adversaries + overlay
    /// The keys with a list of mappings each.
    static let lists = [deaths, partitions, regions]
    /// The key under which bounds on metrics stand.
    static let thresholds = "thresholds"
    /// The keys of each metric there.
    static let directions = [Threshold.Direction.atMost, .atLeast]

    /// The keys under which other keys stand: all but the last parts of the names above.
    static let sections: [String] = {
        var found: [String] = []
        for name in keys.map(\.name) + lists.map(\.name) {
            let parts = name.split(separator: ".").dropLast()
            for count in parts.indices {
                let section = parts[...count].joined(separator: ".")
                if !found.contains(section) { found.append(section) }
            }
        }
        return found
    }()

    /// Every name that means something, the number of an item in a list written as N.
    static let names =
        keys.map(\.name) + sections + lists.map(\.name) + [thresholds]
        + lists.flatMap { list in list.itemKeys.map { "\(list.name).N.\($0)" } }

    /// The steps from the top of a file to what a dotted name means; nil for a name that means nothing.
    static func path(of name: String) -> [String]? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts[0] == thresholds, parts.count > 1 {
            let hasDirection = directions.contains { $0.rawValue == parts.last }
            let metric = parts[1..<(parts.count - (hasDirection ? 1 : 0))].joined(separator: ".")
            return [thresholds, metric] + (hasDirection ? [parts[parts.count - 1]] : [])
        }
        let pattern = parts.map { Int($0) == nil ? $0 : "N" }.joined(separator: ".")
        let isItem = lists.contains { pattern == "\($0.name).N" }
        return isItem || names.contains(pattern) ? parts : nil
    }
}
