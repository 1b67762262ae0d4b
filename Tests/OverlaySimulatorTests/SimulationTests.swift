import Primitives
import Testing

@testable import OverlaySimulator

@Suite struct SimulationTests {
    private func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario(name: "test")
        scenario.nodes = 60
        scenario.joining = .seconds(20)
        scenario.settling = .seconds(60)
        scenario.measuring = .minutes(3)
        scenario.workload.lookupsPerHour = 120
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
        #expect(report.value(of: "get.attempted") ?? 0 > 200)
        #expect(report.value(of: "replicas.mean") ?? 0 >= 16)
        // A quarter of the readers hold the record themselves: that is no hop.
        #expect((0.4...2).contains(report.value(of: "get.hops.mean") ?? 0))
        #expect(report.isComplete)
    }

    @Test func oneSeedIsOneRunOnAnyNumberOfThreadsAndOverTheWire() {
        let busy: (inout Scenario) -> Void = {
            $0.workload.buddies = .fixed(3)
            $0.workload.changesPerHour = 60
            $0.workload.callsPerHour = 60
            $0.workload.storesPerHour = 20
            $0.churn = ChurnPlan()
            $0.churn?.medianSession = .minutes(2)
            $0.churn?.medianAbsence = .minutes(1)
            $0.underlay.loss = 0.01
            $0.underlay.jitter = .milliseconds(5)
        }
        let first = run(busy)
        for (threads, isWire) in [(1, false), (2, false), (3, false), (1, true), (2, true)] {
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
        #expect(report.value(of: "presence.changes") ?? 0 > 100)
        #expect(report.value(of: "presence.lost") == 0)
        #expect(report.value(of: "presence.delivered") ?? 0 > 500)
    }

    @Test func halvesThatLivedApartComeTogether() {
        let report = run {
            $0.measuring = .minutes(12)
            $0.partitions = [PartitionPlan(at: .seconds(30), lasting: .minutes(5), share: 0.5)]
            $0.workload.storesPerHour = 30
        }
        #expect(report.value(of: "partition.healed_share_after_5min") == 1)
    }

    @Test func whoStopsARunGetsWhatItShowedSoFar() {
        let report = Simulation(scenario(), host: TestHost.make(isStopped: { true })).run()
        #expect(!report.isComplete)
        #expect(report.virtualTime < .minutes(4))
    }
}
