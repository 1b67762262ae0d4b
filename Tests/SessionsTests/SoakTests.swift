import Identity
import Primitives
import Testing

@testable import Sessions

/// Nodes that restart, move and are forgotten while they talk over a bad network.
@Suite struct SoakTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func everythingEndsTidyWhateverHappens(seed: UInt64) {
        var limits = SessionLimits()
        limits.associations = 3
        limits.rekeyRecords = 40
        limits.rekeyAge = .seconds(20)
        limits.idleExpiry = .seconds(40)
        var network = VirtualNetwork(seed: 5000 + seed, nodes: 5, limits: limits)
        talk(&network, forgetting: true) { network in
            for node in network.nodes { #expect(node.core.associationCount <= 3) }
        }
        for node in network.nodes {
            #expect(node.core.associationCount == 0 && node.core.owners.isEmpty && node.core.handshakes.isEmpty)
            #expect(node.core.bootstraps.isEmpty && node.core.nodesByEndpoint.isEmpty)
            #expect(node.core.queuedBytes == 0 && node.core.reservedBytes == 0)
            #expect(node.core.nextDeadline == nil)
        }
    }

    /// A message may come twice only when the receiver had to forget its sender in between; here nobody has to.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func nothingIsDeliveredTwiceInOneLife(seed: UInt64) {
        var limits = SessionLimits()
        limits.rekeyRecords = 30
        limits.rekeyAge = .seconds(15)
        var network = VirtualNetwork(seed: 6000 + seed, nodes: 4, limits: limits)
        talk(&network, forgetting: false) { network in
            for node in network.nodes {
                #expect(Set(node.delivered.map { $0.prefix(8) }).count == node.delivered.count)
            }
        }
        #expect(network.fates[nil, default: 0] > 100, "most arrive")
    }

    /// A hundred and fifty things that happen, and then ten quiet minutes.
    private func talk(
        _ network: inout VirtualNetwork, forgetting: Bool, check: (VirtualNetwork) -> Void
    ) {
        network.faults = VirtualNetwork.Faults(
            loss: 0.15, duplication: 0.1, corruption: 0.05, delay: .milliseconds(1)...Interval.milliseconds(120))
        let count = network.nodes.count
        var token: UInt64 = 0
        for _ in 0..<150 {
            token += 1
            let from = Int.random(in: 0..<count, using: &network.random)
            let to = (from + Int.random(in: 1..<count, using: &network.random)) % count
            switch network.random.unit() {
            case ..<0.03:
                checkFates(network.nodes[from])
                network.restart(from)
            case ..<0.06: network.nodes[from].endpoint.port += 1
            case ..<0.08 where forgetting: network.handle(.forget(network.nodes[to].identity.nodeID), at: from)
            case ..<0.12:
                network.send(unique(token, 30), from: from, to: .endpoint(network.nodes[to].endpoint), .datagram)
            default:
                let length = Int.random(in: 8...(network.random.unit() < 0.1 ? 30_000 : 900), using: &network.random)
                network.send(unique(token, length), from: from, to: to, .reliable, token: token)
            }
            network.run(network.random.jittered(.milliseconds(800), by: 0...1))
            check(network)
        }
        network.faults = VirtualNetwork.Faults()
        network.run(.minutes(10))
        check(network)
        for node in network.nodes { checkFates(node) }
    }

    private func unique(_ token: UInt64, _ length: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.uint64(token)
        return writer.bytes + [UInt8](repeating: UInt8(truncatingIfNeeded: token), count: length - 8)
    }

    /// No message has two fates.
    private func checkFates(_ node: VirtualNetwork.Node) {
        #expect(Set(node.sent).count == node.sent.count)
        #expect(Set(node.sent).isDisjoint(with: node.failed.keys))
    }
}
