import OverlaySimulator
import Testing

@Suite struct MetricNameTests {
    @Test func patternsStandForNames() throws {
        let names = MetricName.all.flatMap(\.names)
        #expect(Set(names).count == names.count, "no name is there twice")
        for name in [
            "get.success", "get.latency_ms.p99", "put.latency_ms.mean", "absent.attempted", "put.replicas.mean",
            "presence.delay_ms.p50", "call.latency_ms.p90", "join.seconds.p99", "bytes_per_second.find_nodes",
            "partition.healed_share_after_5min", "online.mean",
        ] {
            #expect(names.contains(name))
            #expect(MetricName.of(name) != nil)
        }
        #expect(try #require(MetricName.of("get.success")).unit == MetricName.share)
        #expect(MetricName.of("get.{p50}") == nil && MetricName.of("") == nil)
    }
}
