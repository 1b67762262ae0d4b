import Primitives
import Testing

@testable import OverlaySimulator

@Suite struct SimulationTests {
    private func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario(name: "test")
        scenario.nodes = 32
        scenario.joining = .seconds(10)
        scenario.settling = .seconds(40)
        scenario.measuring = .seconds(60)
        scenario.overlay.wideBuckets = [16]
        scenario.workload.lookupsPerHour = 180
        change(&scenario)
        return scenario
    }

    private func run(threads: Int = 1, isWire: Bool = false, _ change: (inout Scenario) -> Void = { _ in }) -> RunReport
    {
        Simulation(scenario(change), threads: threads, isWire: isWire, host: TestHost.make()).run()
    }

    @Test func everybodyJoinsRegistersAndIsFound() {
        let report = run()
        #expect(report.value(of: "join.success") == 1)
        #expect(report.value(of: "put.success") == 1)
        #expect(report.value(of: "get.success") == 1)
        #expect(report.value(of: "get.attempted") ?? 0 > 60)
        #expect(report.value(of: "replicas.mean") ?? 0 >= 16)
        // A quarter of the readers hold the record themselves: that is no hop.
        #expect((0.4...2).contains(report.value(of: "get.hops.mean") ?? 0))
        #expect(report.isComplete)
    }

    @Test func oneSeedIsOneRunOnAnyNumberOfThreadsAndOverTheWire() {
        let busy: (inout Scenario) -> Void = {
            $0.workload.buddies = .fixed(3)
            $0.nodes = 24
            // Windows are as long as the shortest delay: few of them, since nothing is optimised here.
            $0.underlay.shape = .uniform(least: .milliseconds(40), most: .milliseconds(150))
            $0.measuring = .seconds(30)
            $0.workload.changesPerHour = 60
            $0.workload.callsPerHour = 60
            $0.workload.storesPerHour = 20
            $0.churn = ChurnPlan()
            $0.churn?.medianSession = .seconds(40)
            $0.churn?.medianAbsence = .seconds(20)
            $0.underlay.loss = 0.01
            $0.underlay.jitter = .milliseconds(5)
        }
        let first = run(busy)
        for (threads, isWire) in [(2, false), (3, true)] {
            let other = run(threads: threads, isWire: isWire, busy)
            #expect(other.fingerprint == first.fingerprint, "\(threads) threads, wire: \(isWire)")
            #expect(other.events == first.events)
            #expect(other.metrics.filter { !$0.name.contains("memory") } == first.metrics)
        }
        let another = run {
            busy(&$0)
            $0.seed = 2
        }
        #expect(another.fingerprint != first.fingerprint)
    }

    @Test func recordsOutliveTheDeathOfAThirdOfTheNodesAndLoss() {
        let report = run {
            $0.measuring = .seconds(80)
            $0.deaths = [DeathPlan(at: .seconds(10), share: 0.33)]
            $0.underlay.loss = 0.02
        }
        #expect(report.value(of: "records.found_after_60s") == 1)
        #expect(report.value(of: "get.success") ?? 0 > 0.98)
    }

    @Test func liarsAndDroppersHideNothingAndForgeNothing() {
        let report = run {
            $0.adversaries.liars = 0.1
            $0.adversaries.droppers = 0.1
        }
        #expect(report.value(of: "get.success") ?? 0 > 0.98)
        #expect(report.value(of: "forged_accepted") == 0)
    }

    @Test func changesOfPresenceReachAllWatchers() {
        let report = run {
            $0.workload.buddies = .fixed(5)
            $0.workload.changesPerHour = 60
        }
        #expect(report.value(of: "presence.changes") ?? 0 > 15)
        #expect(report.value(of: "presence.lost") == 0)
        #expect(report.value(of: "presence.delivered") ?? 0 > 60)
    }

    @Test func halvesThatLivedApartComeTogether() {
        let report = run {
            $0.measuring = .minutes(10)
            $0.workload.lookupsPerHour = 0
            $0.partitions = [PartitionPlan(at: .seconds(20), lasting: .minutes(3), share: 0.5)]
            $0.workload.storesPerHour = 20
        }
        #expect(report.value(of: "partition.healed_share_after_5min") == 1)
    }

    @Test func whoStopsARunGetsWhatItShowedSoFar() {
        let report = Simulation(scenario(), host: TestHost.make(isStopped: { true })).run()
        #expect(!report.isComplete)
        #expect(report.virtualTime < .minutes(4))
    }
}
