import Primitives
import Testing

@testable import Sessions

@Suite struct RepeatabilityTests {
    @Test func theSameSeedGivesTheSameDatagrams() {
        let trace = { (seed: UInt64) -> [[UInt8]] in
            var network = VirtualNetwork(seed: seed, nodes: 4)
            network.faults = VirtualNetwork.Faults(
                loss: 0.2, duplication: 0.1, corruption: 0.1, delay: .milliseconds(1)...Interval.milliseconds(90))
            for token in 0..<30 as Range<UInt64> {
                network.send(
                    [UInt8](repeating: 1, count: 3000), from: Int(token % 4), to: Int((token + 1) % 4), token: token)
                network.run(.milliseconds(50))
            }
            network.run(.seconds(30))
            return network.trace.map(\.bytes)
        }
        #expect(trace(1) == trace(1))
        #expect(trace(1) != trace(2))
    }
}
