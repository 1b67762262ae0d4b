import OverlaySimulator

/// The report of a run as a person reads it.
struct Summary {
    let report: SimulationReport
    let elapsed: Duration

    func show() {
        let plan = report.plan
        print("nodes        \(report.joined) of \(plan.nodes) joined, seed \(plan.seed)")
        print("stored       \(line(report.stores)), \(tenths(report.replicas.mean)) replicas")
        print("found        \(line(report.lookups))")
        let rate = Int(Double(report.events) / max(elapsed.seconds, 1e-9))
        print(
            "events       \(report.events) (\(report.messages) messages) in \(tenths(elapsed.seconds)) s, "
                + "\(rate) a second; \(Int(report.virtualTime.inSeconds)) s simulated")
        print("fingerprint  \(report.fingerprint)")
    }

    private func line(_ requests: SimulationReport.Requests) -> String {
        let latency = requests.latency
        let percent = tenths(requests.success * 100)
        return "\(requests.succeeded) of \(requests.attempted) (\(percent) %), latency p50 "
            + "\(tenths(latency.percentile(0.5))) p90 \(tenths(latency.percentile(0.9))) "
            + "p99 \(tenths(latency.percentile(0.99))) ms, hops \(tenths(requests.hops.mean)), "
            + "requests \(tenths(requests.messages.mean))"
    }

    private func tenths(_ value: Double) -> String {
        let scaled = Int((value * 10).rounded())
        return "\(scaled / 10).\(abs(scaled) % 10)"
    }
}
