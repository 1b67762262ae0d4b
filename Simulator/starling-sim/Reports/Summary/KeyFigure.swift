/// A figure that a reader asks for first.
struct KeyFigure {
    let metric: String
    let title: String

    /// In the order in which they are shown; a run has some of them.
    static let all: [KeyFigure] = [
        KeyFigure(metric: "get.success", title: "Lookups that succeeded"),
        KeyFigure(metric: "get.latency_ms.p50", title: "Lookup latency, median"),
        KeyFigure(metric: "get.latency_ms.p90", title: "Lookup latency, p90"),
        KeyFigure(metric: "get.latency_ms.p99", title: "Lookup latency, p99"),
        KeyFigure(metric: "get.hops.mean", title: "Hops of a lookup"),
        KeyFigure(metric: "get.messages.mean", title: "Messages of a lookup"),
        KeyFigure(metric: "put.success", title: "Stores that succeeded"),
        KeyFigure(metric: "records.found_after_60s", title: "Found 60 s after deaths"),
        KeyFigure(metric: "partition.healed_share_after_5min", title: "Found 5 min after healing"),
        KeyFigure(metric: "presence.delay_ms.p50", title: "Presence delay, median"),
        KeyFigure(metric: "presence.delay_ms.p99", title: "Presence delay, p99"),
        KeyFigure(metric: "presence.lost", title: "Presence changes lost"),
        KeyFigure(metric: "maintenance_bytes_per_second", title: "Maintenance per node"),
        KeyFigure(metric: "load.reachable_messages_per_second", title: "Load of a reachable node"),
        KeyFigure(metric: "routing_bytes_per_node", title: "Routing table"),
        KeyFigure(metric: "stale_share", title: "Stale contacts"),
        KeyFigure(metric: "forged_accepted", title: "Forged results accepted"),
    ]
}
