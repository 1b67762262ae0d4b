import Primitives
import Testing

@testable import OverlaySimulator

/// The simulator is believed because its nodes do what real ones do: the same overlay once under virtual time, and
/// once as whole nodes that encrypt and send datagrams over loopback, which are held back as long as the simulated ones.
@Suite struct SimulatedNodesTests {
    private static let nodes = 40
    /// So long that it does not matter how long the machine takes for a message.
    private static var underlay: UnderlayPlan {
        var plan = UnderlayPlan()
        plan.shape = .uniform(least: .milliseconds(60), most: .milliseconds(180))
        return plan
    }

    private struct Outcome {
        let requests: Double
        let p50: Double
        let p90: Double
    }

    private func simulated() throws -> Outcome {
        var scenario = Scenario(name: "loopback")
        scenario.nodes = Self.nodes
        scenario.joining = .seconds(4)
        scenario.settling = .seconds(26)
        scenario.measuring = .seconds(30)
        scenario.underlay = Self.underlay
        scenario.overlay.assumesReachable = false
        scenario.workload.lookupsPerHour = 4 * 3_600 / Double(Self.nodes)
        scenario.workload.absentShare = 1
        let host = Simulation.Host(
            concurrently: { _, body in body(0) }, pause: {}, isStopped: { false }, memory: { 0 })
        let report = Simulation(scenario, host: host).run()
        return Outcome(
            requests: try #require(report.value(of: "absent.messages.mean")),
            p50: try #require(report.value(of: "absent.latency_ms.p50")),
            p90: try #require(report.value(of: "absent.latency_ms.p90")))
    }

    private func real() throws -> Outcome {
        var random = RandomSource(seed: 77)
        let underlay = Underlay(plan: Self.underlay, nodes: Self.nodes, random: random.split())
        let overlay = try LoopbackNodes(Self.nodes, underlay: underlay, random: &random)
        for index in 0..<Self.nodes {
            overlay.join(index)
            overlay.run(for: .milliseconds(100))
        }
        overlay.run(for: .seconds(26))
        for _ in 0..<120 {
            let resource = ResourceID(bits: .random(using: &random))
            overlay.lookUp(resource, at: Int(random.next() % UInt64(Self.nodes)))
            overlay.run(for: .milliseconds(250))
        }
        overlay.run(for: .seconds(3))
        let lookups = overlay.lookups
        try #require(lookups.count >= 110)
        let times = lookups.map(\.milliseconds).sorted()
        return Outcome(
            requests: lookups.reduce(0) { $0 + $1.requests } / Double(lookups.count),
            p50: times[times.count / 2], p90: times[times.count * 9 / 10])
    }

    @Test func lookupsOfRealNodesGoAsThoseOfSimulatedOnes() throws {
        let simulated = try simulated()
        let real = try real()
        #expect((0.85...1.15).contains(real.requests / simulated.requests), "\(real), \(simulated)")
        #expect((0.75...1.33).contains(real.p50 / simulated.p50), "\(real), \(simulated)")
        #expect((0.75...1.33).contains(real.p90 / simulated.p90), "\(real), \(simulated)")
    }
}
