import Benchmark
import OverlaySimulator
import Primitives

/// Whole simulated overlays in one thread: what the real core and the simulator around it take together. `make
/// bench-simulator` gives nanoseconds an event and bytes a node at larger sizes.
@MainActor let overlayBenchmarks = BenchmarkSuite(name: "overlay") { suite in
    suite.benchmark("100 nodes join, register and look up for a minute") {
        precondition(run(nodes: 100, isWire: false).isComplete)
    }

    suite.benchmark("the same with every message encoded and encrypted") {
        precondition(run(nodes: 100, isWire: true).isComplete)
    }
}

private func run(nodes: Int, isWire: Bool) -> RunReport {
    var scenario = Scenario(name: "benchmark")
    scenario.nodes = nodes
    scenario.joining = .seconds(20)
    scenario.settling = .seconds(40)
    scenario.measuring = .minutes(1)
    scenario.workload.lookupsPerHour = 120
    let host = Simulation.Host(
        concurrently: { _, body in body(0) }, pause: {}, isStopped: { false }, memory: { 0 })
    return Simulation(scenario, isWire: isWire, host: host).run()
}
