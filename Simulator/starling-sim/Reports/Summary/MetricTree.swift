import OverlaySimulator

/// Metrics as nested objects: `get.latency_ms.p50` stands in `get` in `latency_ms` under `p50`.
///
/// Where a value stands already in the way, the rest of the name keeps its dots: with `load` a number, `load.p50`
/// stands beside it under just that name. So each name is found again by joining the keys on its path with dots.
struct MetricTree {
    private var members: [JSONValue.Member]
    private let reserved: Int

    /// - Parameter head: what stands before the metrics, and keeps its place against one of the same name.
    init(head: [JSONValue.Member], metrics: [Metric]) {
        members = head
        reserved = head.count
        // Values that stand at the start of longer names come first, or they would find an object in their place.
        let names = Set(metrics.map(\.name))
        for metric in metrics {
            let parts = metric.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            var path: [String] = []
            var key = ""
            var prefix = ""
            for (index, part) in parts.enumerated() {
                key += key.isEmpty ? part : ".\(part)"
                prefix += index == 0 ? part : ".\(part)"
                let isLast = index == parts.count - 1
                if !isLast, names.contains(prefix) || (path.isEmpty && isHead(key)) { continue }
                path.append(key)
                key = ""
            }
            Self.insert(.number(metric.value), at: path[...], into: &members)
        }
    }

    /// The head and the metrics, in the order of their first appearance.
    var object: JSONValue { .object(members) }

    private func isHead(_ name: String) -> Bool { members[..<reserved].contains { $0.name == name } }

    private static func insert(_ value: JSONValue, at path: ArraySlice<String>, into members: inout [JSONValue.Member])
    {
        guard let name = path.first else { return }
        let index = members.firstIndex { $0.name == name }
        if path.count == 1 {
            if index == nil { members.append(JSONValue.Member(name: name, value: value)) }
            return
        }
        var inner: [JSONValue.Member] = []
        if let index, case .object(let there) = members[index].value { inner = there }
        insert(value, at: path.dropFirst(), into: &inner)
        let member = JSONValue.Member(name: name, value: .object(inner))
        if let index { members[index] = member } else { members.append(member) }
    }

    /// The metrics of an object that was made so, its members of other types left out.
    static func metrics(of object: JSONValue, except head: Set<String>) -> [Metric] {
        guard case .object(let members) = object else { return [] }
        return members.filter { !head.contains($0.name) }.flatMap { metrics(of: $0.value, named: $0.name) }
    }

    private static func metrics(of value: JSONValue, named name: String) -> [Metric] {
        switch value {
        case .object(let members): members.flatMap { metrics(of: $0.value, named: "\(name).\($0.name)") }
        case .number(let digits): [Metric(name: name, value: Double(digits) ?? .nan)]
        case .null: [Metric(name: name, value: .nan)]
        default: []
        }
    }
}
