import OverlaySimulator
import Primitives
import Testing

@testable import starling_sim

@Suite struct ScenarioReaderTests {
    @Test func aFileSaysAllThatScenariosHave() throws {
        let scenario = try Read.scenario(
            """
            # everything
            about: all of it
            nodes: 500
            seed: 18446744073709551615
            joining: 90s
            settling: 1.5min
            measuring: 2h
            sessions: known
            underlay:
              shape: uniform
              least: 5ms
              most: 0.5s
              access-delay: 10ms
              uplink-bytes-per-second: 100000
              loss: 1 %
              jitter: 2ms
              reordering: 0.5%
            churn: {law: pareto, exponent: 3, median-session: 1h, median-absence: 20min, farewells: 1, warm-up: 5min}
            deaths:
              - {at: 10s, share: 20%}
              - share: 0.1
            partitions: [{at: 1min, lasting: 30min, share: 0.25}]
            reachability: {address-restricted: 10%, port-restricted: 20%, symmetric: 30%}
            adversaries: {droppers: 5%, liars: 0.06, sybils: 50, ground-ids: 20, flooders: 1%, flood-per-second: 12.5}
            thresholds:
              get.success: {at-least: 99.9%, at-most: 1}
              get.latency_ms.p50: {at-most: 75}
            """)
        #expect(scenario.name == "a" && scenario.about == "all of it")
        #expect(scenario.nodes == 500 && scenario.seed == .max && scenario.sessions == .known)
        #expect(
            scenario.joining == .seconds(90) && scenario.settling == .seconds(90) && scenario.measuring == .hours(2))
        #expect(scenario.underlay.accessDelay == .milliseconds(10) && scenario.underlay.jitter == .milliseconds(2))
        #expect(scenario.underlay.uplinkBytesPerSecond == 100_000)
        #expect(scenario.underlay.loss == 0.01 && scenario.underlay.reordering == 0.005)
        guard case .uniform(.milliseconds(5), .milliseconds(500)) = scenario.underlay.shape else {
            Issue.record("\(scenario.underlay.shape)")
            return
        }
        let churn = try #require(scenario.churn)
        guard case .pareto(3) = churn.law else {
            Issue.record("\(churn.law)")
            return
        }
        #expect(churn.medianSession == .hours(1) && churn.medianAbsence == .minutes(20))
        #expect(churn.farewells == 1 && churn.warmUp == .minutes(5))
        #expect(scenario.deaths.map(\.at) == [.seconds(10), .zero] && scenario.deaths.map(\.share) == [0.2, 0.1])
        #expect(scenario.partitions.map(\.at) == [.minutes(1)] && scenario.partitions.map(\.lasting) == [.minutes(30)])
        #expect(scenario.partitions.map(\.share) == [0.25])
        let reachability = try #require(scenario.reachability)
        #expect(reachability.addressRestricted == 0.1 && reachability.portRestricted == 0.2)
        #expect(reachability.symmetric == 0.3)
        #expect(scenario.adversaries.droppers == 0.05 && scenario.adversaries.liars == 0.06)
        #expect(scenario.adversaries.sybils == 50 && scenario.adversaries.groundIDs == 20)
        #expect(scenario.adversaries.flooders == 0.01 && scenario.adversaries.floodPerSecond == 12.5)
        #expect(
            scenario.thresholds == [
                Threshold(metric: "get.success", direction: .atLeast, bound: 0.999),
                Threshold(metric: "get.success", direction: .atMost, bound: 1),
                Threshold(metric: "get.latency_ms.p50", direction: .atMost, bound: 75),
            ])
    }

    /// A value is the number nearest to what was written, as if the program had it written so.
    @Test func numbersAreExact() throws {
        for (text, value) in [("99.9%", 0.999), ("99.99 %", 0.9999), ("0.07", 0.07), ("7%", 0.07), ("100%", 1)] {
            #expect(try Read.scenario("thresholds: {get.success: {at-least: \(text)}}").thresholds[0].bound == value)
        }
        for (text, value) in [("4.35s", Interval.milliseconds(4_350)), ("0.1ms", .microseconds(100)), ("0s", .zero)] {
            #expect(try Read.scenario("underlay: {jitter: \(text)}").underlay.jitter == value)
        }
    }

    @Test func theWorkload() throws {
        let workload = try Read.scenario(
            """
            workload:
              users: 2000
              value-bytes: 99
              lifetime: 6h
              lookups-per-hour: 1.5
              absent-share: 10%
              quorum: 3
              stores-per-hour: 2
              buddies: {law: power-law, mean: 15, exponent: 2.5}
              changes-per-hour: 4
              daily: [0.5, 1.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
              calls-per-hour: 0.25
            """
        ).workload
        #expect(workload.users == 2_000 && workload.valueBytes == 99 && workload.lifetime == .hours(6))
        #expect(workload.lookupsPerHour == 1.5 && workload.absentShare == 0.1 && workload.quorum == 3)
        #expect(workload.storesPerHour == 2 && workload.changesPerHour == 4 && workload.callsPerHour == 0.25)
        #expect(workload.daily.count == 24 && workload.daily[1] == 1.5)
        guard case .powerLaw(15, 2.5) = workload.buddies else {
            Issue.record("\(workload.buddies)")
            return
        }
    }

    @Test func theOverlay() throws {
        let overlay = try Read.scenario(
            """
            overlay:
              bucket-size: 8
              wide-buckets: [32, 16]
              parallelism: 3
              watch-replicas: 4
              lease-duration: 2min
              republish-interval: 1h
              replication-interval: 10min
              liveness-interval: 1s
              neighbour-silence: 30s
              contact-silence: 5min
              bucket-refresh-interval: 20min
              contacts-per-prefix-in-bucket: 1
              contacts-per-prefix: 5
              store-bytes: 100000
              records-per-resource: 12
            """
        ).overlay
        #expect(overlay.bucketSize == 8 && overlay.wideBuckets == [32, 16] && overlay.parallelism == 3)
        #expect(overlay.watchReplicas == 4 && overlay.leaseDuration == .minutes(2))
        #expect(overlay.republishInterval == .hours(1) && overlay.replicationInterval == .minutes(10))
        #expect(overlay.livenessInterval == .seconds(1) && overlay.neighbourSilence == .seconds(30))
        #expect(overlay.contactSilence == .minutes(5) && overlay.bucketRefreshInterval == .minutes(20))
        #expect(overlay.contactsPerPrefixInBucket == 1 && overlay.contactsPerPrefix == 5)
        #expect(overlay.storeBytes == 100_000 && overlay.recordsPerResource == 12)
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "churn: {}"]) func littleIsSaid(text: String) throws {
        let scenario = try Read.scenario(text)
        #expect(scenario.nodes == Scenario(name: "a").nodes)
        #expect(scenario.reachability == nil)
        #expect((scenario.churn != nil) == text.hasPrefix("churn"))
    }

    @Test func regions() throws {
        let scenario = try Read.scenario(
            """
            underlay:
              shape: regions
              regions:
                - {name: east, share: 60%, delays: [10, 80.5]}
                - {name: west, share: 0.4, delays: [80, 12]}
            """)
        guard case .regions(let regions) = scenario.underlay.shape else {
            Issue.record("\(scenario.underlay.shape)")
            return
        }
        #expect(regions.map(\.name) == ["east", "west"] && regions.map(\.share) == [0.6, 0.4])
        #expect(regions.map(\.delays) == [[10, 80.5], [80, 12]])
    }
}
