import Benchmark
import OverlaySimulator

/// PUT and GET among 32 nodes in this process: the CPU of all of them together, without sockets and sessions.
@MainActor let overlayBenchmarks = BenchmarkSuite(name: "overlay") { suite in
    // An iteration runs the whole closure, so what is set up once stands outside.
    var plan = SimulationPlan()
    plan.nodes = 32
    plan.seed = 1
    var overlay = OverlaySimulation(plan: plan)
    overlay.prepare()
    let records = (0..<100).map { _ in overlay.makeRecord() }
    for record in records { precondition(overlay.put(record) == 16) }
    var next = 0

    suite.benchmark("put, signed by a new user, 16 replicas of 32 nodes") {
        precondition(overlay.put(overlay.makeRecord()) == 16)
    }

    suite.benchmark("get among 32 nodes") {
        next = (next + 1) % records.count
        precondition(overlay.get(records[next]))
    }
}
