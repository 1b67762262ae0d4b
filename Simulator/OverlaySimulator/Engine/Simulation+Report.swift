import Kademlia
import Primitives

// What a run showed.
extension Simulation {
    func report(isComplete: Bool) -> RunReport {
        var tally = Tally(world)
        for shard in shards { tally.merge(shard.tally) }
        var report = RunReport(scenario: scenario.name, seed: scenario.seed, nodes: scenario.nodes)
        report.about = scenario.about
        report.isComplete = isComplete
        report.events = tally.events
        report.virtualTime = now - World.start
        report.fingerprint = fingerprint()
        report.thresholds = scenario.thresholds
        report.metrics =
            tally.get.metrics("get") + tally.put.metrics("put") + putMetrics(tally) + tally.absent.metrics("absent")
            + callMetrics(tally) + presenceMetrics(tally) + recordMetrics(tally) + overlayMetrics(tally)
        report.curves = tally.get.curves("get") + tally.put.curves("put")
        if tally.presenceDelay.count > 0 {
            report.curves.append(tally.presenceDelay.curve(name: "presence.delay_ms", unit: "ms"))
        }
        report.series = series(tally)
        return report
    }

    /// Over all that happened to each node, node by node: no order among nodes enters.
    private func fingerprint() -> Fingerprint {
        var whole = Fingerprint()
        for index in 0..<world.count { whole.add(nodes[index].fingerprint.value) }
        return whole
    }

    private func putMetrics(_ tally: Tally) -> [Metric] {
        guard tally.put.attempted > 0 else { return [] }
        return [Metric(name: "put.replicas.mean", value: tally.replicasOfPuts.mean)]
    }

    private func callMetrics(_ tally: Tally) -> [Metric] {
        guard tally.call.attempted > 0 else { return [] }
        let latency = tally.call.latency.sorted()
        return [Metric(name: "call.success", value: tally.call.success)]
            + percentiles("call.latency_ms", latency)
    }

    private func presenceMetrics(_ tally: Tally) -> [Metric] {
        guard let lost = findings.lostChanges else { return [] }
        return percentiles("presence.delay_ms", tally.presenceDelay.sorted()) + [
            Metric(name: "presence.changes", value: Double(tally.changes)),
            Metric(name: "presence.delivered", value: Double(tally.presenceDelay.count)),
            Metric(name: "presence.duplicates", value: Double(tally.duplicates)),
            Metric(name: "presence.lost", value: Double(lost)),
        ]
    }

    private func percentiles(_ name: String, _ values: SortedDistribution) -> [Metric] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)].map {
            Metric(name: "\(name).\($0.0)", value: values.percentile($0.1))
        }
    }

    private func recordMetrics(_ tally: Tally) -> [Metric] {
        var metrics: [Metric] = []
        if findings.replicas.count > 0 {
            let replicas = findings.replicas.sorted()
            metrics.append(Metric(name: "replicas.mean", value: replicas.mean))
            metrics.append(Metric(name: "replicas.p1", value: replicas.percentile(0.01)))
        }
        if tally.survival.attempted > 0 {
            metrics.append(Metric(name: "records.found_after_60s", value: tally.survival.success))
        }
        if let restored = findings.restored {
            metrics.append(Metric(name: "records.restored_after_1h", value: restored))
        }
        if let healed = findings.healed {
            metrics.append(Metric(name: "partition.healed_share_after_5min", value: healed))
        }
        if scenario.adversaries.groundIDs > 0, tally.besieged.attempted > 0 {
            metrics.append(Metric(name: "eclipse.success", value: 1 - tally.besieged.success))
        }
        metrics.append(Metric(name: "forged_accepted", value: Double(tally.forged)))
        return metrics
    }

    private func overlayMetrics(_ tally: Tally) -> [Metric] {
        let joined = (0..<scenario.nodes).reduce(0) { $0 + (nodes[$1].hasJoined ? 1 : 0) }
        let online = findings.onlineSeries.map(\.value)
        let meanOnline = online.isEmpty ? Double(scenario.nodes) : online.reduce(0, +) / Double(online.count)
        let seconds = max(world.measured(now).inSeconds, 1)
        var metrics = [
            Metric(name: "join.success", value: Double(joined) / Double(scenario.nodes)),
            Metric(name: "join.seconds.p50", value: tally.joinSeconds.percentile(0.5)),
            Metric(name: "join.seconds.p99", value: tally.joinSeconds.percentile(0.99)),
            Metric(name: "online.mean", value: meanOnline),
        ]
        if let stale = findings.staleShare { metrics.append(Metric(name: "stale_share", value: stale)) }
        guard conditions.isMeasuring else { return metrics }
        // Records are fetched, watched and told of because users ask; all else keeps the overlay going.
        let caused: [TrafficKind] = [.fetch, .watch, .changed]
        let total = tally.bytes.reduce(0, +) - caused.reduce(0) { $0 + tally.bytes[$1.rawValue] }
        metrics.append(
            Metric(name: "maintenance_bytes_per_second", value: Double(total) / meanOnline / seconds))
        for kind in TrafficKind.allCases {
            let rate = Double(tally.bytes[kind.rawValue]) / meanOnline / seconds
            metrics.append(Metric(name: "bytes_per_second.\(kind.name)", value: rate))
        }
        let reachable = (0..<scenario.nodes).reduce(0) { $0 + (nodes[$1].role == .unreachable ? 0 : 1) }
        metrics.append(
            Metric(
                name: "load.reachable_messages_per_second",
                value: Double(tally.toReachable) / Double(max(reachable, 1)) / seconds))
        metrics.append(Metric(name: "routing_bytes_per_node", value: routingBytes()))
        let memory = host.memory()
        if memory > 0 { metrics.append(Metric(name: "bytes_per_node", value: Double(memory) / Double(world.count))) }
        return metrics
    }

    /// What the routing table of a node of its own takes, contacts included.
    private func routingBytes() -> Double {
        let step = max(scenario.nodes / 1_000, 1)
        var sum = 0
        var count = 0
        for index in stride(from: 0, to: scenario.nodes, by: step) where nodes[index].isOnline {
            sum += nodes[index].core.routingBytes
            count += 1
        }
        return Double(sum) / Double(max(count, 1))
    }

    private func series(_ tally: Tally) -> [TimeSeries] {
        var all: [TimeSeries] = []
        if tally.get.attempted > 0 { all.append(tally.getSuccess.means(name: "get.success", unit: "share")) }
        if tally.presenceDelay.count > 0 {
            all.append(tally.presenceSeries.means(name: "presence.delay_ms.mean", unit: "ms"))
        }
        let end = world.measured(now)
        for kind in TrafficKind.allCases where tally.bytes[kind.rawValue] > 0 {
            let rates = tally.traffic[kind.rawValue].rates(name: "bytes.\(kind.name)", unit: "bytes/s", until: end)
            all.append(rates)
        }
        all.append(TimeSeries(name: "stale_share", unit: "share", points: findings.staleSeries))
        all.append(TimeSeries(name: "online", unit: "nodes", points: findings.onlineSeries))
        all.append(TimeSeries(name: "memory", unit: "MB", points: findings.memorySeries))
        return all.filter { !$0.points.isEmpty }
    }
}
