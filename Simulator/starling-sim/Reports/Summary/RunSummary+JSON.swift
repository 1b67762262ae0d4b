import OverlaySimulator

extension RunSummary {
    /// Why a summary can't be read.
    struct Defect: Error, CustomStringConvertible, Equatable {
        var description: String
    }

    private static let head: Set<String> = [
        "scenario", "seed", "nodes", "complete", "events", "events_per_second", "virtual_seconds", "wall_seconds",
        "threads", "wire", "peak_memory_bytes", "fingerprint", "thresholds",
    ]

    /// summary.json (docs/reports.md).
    var json: JSONValue {
        let members: [JSONValue.Member] = [
            .init(name: "scenario", value: .string(scenario)),
            .init(name: "seed", value: .number(seed)),
            .init(name: "nodes", value: .number(nodes)),
            .init(name: "complete", value: .bool(isComplete)),
            .init(name: "events", value: .number(events)),
            .init(name: "events_per_second", value: .number(eventsPerSecond.rounded())),
            .init(name: "virtual_seconds", value: .number(virtualSeconds)),
            .init(name: "wall_seconds", value: .number(wallSeconds)),
            .init(name: "threads", value: .number(threads)),
            .init(name: "wire", value: .bool(wire)),
            .init(name: "peak_memory_bytes", value: .number(peakMemoryBytes)),
            .init(name: "fingerprint", value: .string(fingerprint)),
            .init(name: "thresholds", value: .array(verdicts.map(Self.json))),
        ]
        return MetricTree(head: members, metrics: metrics).object
    }

    /// - Throws: ``Defect`` when a field is missing or of another type.
    init(json: JSONValue) throws {
        func field<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws -> Value {
            guard let member = json[name] else { throw Defect(description: "“\(name)” is missing") }
            guard let value = read(member) else { throw Defect(description: "“\(name)” is of the wrong type") }
            return value
        }
        scenario = try field("scenario", \.string)
        seed = try field("seed") { $0.integer() }
        nodes = try field("nodes") { $0.integer() }
        isComplete = try field("complete", \.bool)
        events = try field("events") { $0.integer() }
        virtualSeconds = try field("virtual_seconds", \.double)
        wallSeconds = try field("wall_seconds", \.double)
        threads = try field("threads") { $0.integer() }
        wire = try field("wire", \.bool)
        peakMemoryBytes = try field("peak_memory_bytes") { $0.integer() }
        fingerprint = try field("fingerprint", \.string)
        verdicts = try field("thresholds", \.array).map(Self.verdict)
        metrics = MetricTree.metrics(of: json, except: Self.head)
    }

    private static func json(_ verdict: Verdict) -> JSONValue {
        .object([
            .init(name: "metric", value: .string(verdict.threshold.metric)),
            .init(name: "direction", value: .string(verdict.threshold.direction.rawValue)),
            .init(name: "bound", value: .number(verdict.threshold.bound)),
            .init(name: "value", value: verdict.value.map { .number($0) } ?? .null),
            .init(name: "met", value: .bool(verdict.isMet)),
        ])
    }

    private static func verdict(_ json: JSONValue) throws -> Verdict {
        guard let metric = json["metric"]?.string, let bound = json["bound"]?.double,
            let direction = json["direction"]?.string.flatMap(Threshold.Direction.init(rawValue:)),
            let isMet = json["met"]?.bool
        else { throw Defect(description: "a threshold lacks its metric, direction, bound or verdict") }
        return Verdict(
            threshold: Threshold(metric: metric, direction: direction, bound: bound), value: json["value"]?.double,
            isMet: isMet)
    }
}
