import Kademlia
import Primitives

/// What lookups or stores of one sort amounted to. Times are milliseconds.
struct RequestTally: Sendable {
    var attempted = 0
    var succeeded = 0
    /// To the first valid record, or to the last acknowledgement of a replica.
    var latency = Distribution()
    var hops = Distribution()
    /// Requests sent for one; each has one answer unless it was lost.
    var requests = Distribution()
    var timeouts = Distribution()

    mutating func ended(_ trace: LookupTrace, isSuccess: Bool, latency time: Interval) {
        attempted += 1
        requests.add(Double(trace.requests))
        timeouts.add(Double(trace.timeouts))
        guard isSuccess else { return }
        succeeded += 1
        latency.add(time.inMilliseconds)
        hops.add(Double(trace.hops))
    }

    mutating func merge(_ other: RequestTally) {
        attempted += other.attempted
        succeeded += other.succeeded
        latency.merge(other.latency)
        hops.merge(other.hops)
        requests.merge(other.requests)
        timeouts.merge(other.timeouts)
    }

    var success: Double { attempted == 0 ? 0 : Double(succeeded) / Double(attempted) }

    /// The figures under names that begin with `name`.
    func metrics(_ name: String) -> [Metric] {
        guard attempted > 0 else { return [] }
        let latency = latency.sorted()
        return [
            Metric(name: "\(name).attempted", value: Double(attempted)),
            Metric(name: "\(name).success", value: success),
            Metric(name: "\(name).latency_ms.mean", value: latency.mean),
            Metric(name: "\(name).latency_ms.p50", value: latency.percentile(0.5)),
            Metric(name: "\(name).latency_ms.p90", value: latency.percentile(0.9)),
            Metric(name: "\(name).latency_ms.p99", value: latency.percentile(0.99)),
            Metric(name: "\(name).hops.mean", value: hops.mean),
            Metric(name: "\(name).messages.mean", value: requests.mean),
            Metric(name: "\(name).timeouts.mean", value: timeouts.mean),
        ]
    }

    /// The distributions for plots.
    func curves(_ name: String) -> [Curve] {
        guard succeeded > 0 else { return [] }
        return [
            latency.curve(name: "\(name).latency_ms", unit: "ms"), hops.curve(name: "\(name).hops", unit: "hops"),
        ]
    }
}
