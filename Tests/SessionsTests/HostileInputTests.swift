import Identity
import Primitives
import Testing

@testable import Sessions

@Suite struct HostileInputTests {
    /// A session with some traffic in both directions.
    private func busyNetwork(seed: UInt64) -> VirtualNetwork {
        var network = VirtualNetwork(seed: seed, nodes: 2)
        for token in 0..<10 as Range<UInt64> {
            network.send([UInt8](repeating: 1, count: 400), from: 0, to: 1, .reliable, token: token)
            network.send([UInt8](repeating: 2, count: 40), from: 1, to: 0, .datagram, token: token)
            network.run(.milliseconds(100))
        }
        return network
    }

    @Test func replayedDatagramsDeliverNothing() {
        var network = busyNetwork(seed: 30)
        let delivered = network.nodes.map(\.delivered.count)
        let old = network.trace
        for flight in old {
            guard let index = network.nodes.firstIndex(where: { $0.endpoint == flight.to }) else { continue }
            network.handle(.datagram(flight.bytes, from: flight.from), at: index)
        }
        network.run(.seconds(1))
        #expect(network.nodes.map(\.delivered.count) == delivered)
        #expect(network.nodes[1].count(.replayed) >= 9)
        #expect(network.nodes[1].count(.usedCookie) == 1)
        #expect(network.nodes[0].count(.replayed) >= 10)
    }

    @Test func damagedRecordsAreDroppedAndCounted() {
        var network = busyNetwork(seed: 31)
        let delivered = network.nodes[1].delivered.count
        network.send([UInt8](repeating: 3, count: 50), from: 0, to: 1, .datagram)
        let genuine = network.trace.last!.bytes
        // Every bit behind the session ID in turn.
        for bit in 9 * 8..<genuine.count * 8 {
            var forged = genuine
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            network.handle(.datagram(forged, from: network.nodes[0].endpoint), at: 1)
        }
        // A changed counter may name a record that was received already.
        let refused = network.nodes[1].count(.forged) + network.nodes[1].count(.replayed)
        #expect(refused == (genuine.count - 9) * 8)
        #expect(network.nodes[1].delivered.count == delivered)
        network.run(.seconds(1))
        #expect(network.nodes[1].delivered.count == delivered + 1, "the genuine one still counts")
    }

    @Test func damagedHandshakesComeToNothing() {
        var network = VirtualNetwork(seed: 32, nodes: 2)
        network.send([7], from: 0, to: 1, .datagram)
        network.run(.milliseconds(41))
        let answer = network.trace.first { $0.bytes[0] == 0xE3 }!.bytes
        for position in 1..<answer.count {
            var forged = answer
            forged[position] ^= 0x10
            network.handle(.datagram(forged, from: network.nodes[0].endpoint), at: 1)
        }
        #expect(network.nodes[1].delivered.isEmpty && network.nodes[1].core.associationCount == 0)
        // The cookie belongs to an address.
        network.handle(.datagram(answer, from: Endpoint("192.0.2.77:4000")!), at: 1)
        #expect(network.nodes[1].core.associationCount == 0)
        network.run(.seconds(1))
        #expect(network.nodes[1].delivered == [[7]])
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func nothingUnauthenticatedIsAnsweredByMore(seed: UInt64) {
        var network = busyNetwork(seed: 40 + seed)
        let genuine = network.trace.map(\.bytes)
        var bytesIn: [Endpoint: Int] = [:]
        var bytesOut: [Endpoint: Int] = [:]
        for _ in 0..<1500 {
            let address = IPAddress(v4: 0xCB00_7100 + UInt32.random(in: 0..<40, using: &network.random))
            let source = Endpoint(address: address, port: UInt16.random(in: 1...2, using: &network.random))
            let input = hostileDatagram(from: genuine, random: &network.random)
            bytesIn[source, default: 0] += input.count
            let mark = network.trace.count
            let delivered = network.nodes[1].delivered.count
            network.handle(.datagram(input, from: source), at: 1)
            #expect(network.nodes[1].delivered.count == delivered)
            for flight in network.trace[mark...] {
                bytesOut[flight.to, default: 0] += flight.bytes.count
                #expect(flight.to == source, "an answer goes to where the cause came from")
                #expect(flight.bytes.count <= input.count)
            }
            if network.random.unit() < 0.05 { network.run(.milliseconds(200)) }
        }
        #expect(bytesOut.allSatisfy { $0.value <= bytesIn[$0.key, default: 0] })
        #expect(bytesOut.count > 10, "the test provokes challenges at all")
    }

    /// Noise, noise of a known type, or something genuine that was changed or cut; hellos with a good check among them.
    private func hostileDatagram(from genuine: [[UInt8]], random: inout RandomSource) -> [UInt8] {
        let choice = random.unit()
        if choice < 0.2 { return random.bytes(Int.random(in: 0...1400, using: &random)) }
        if choice < 0.4 {
            return [UInt8.random(in: 0xE0...0xE7, using: &random)]
                + random.bytes(Int.random(in: 0...1300, using: &random))
        }
        if choice < 0.5 {
            return Hello(nonce: Echo(random: &random)).encode(
                DatagramCheck(overlay: OverlayID(name: VirtualNetwork.overlayName)))
        }
        var bytes = genuine.randomElement(using: &random)!
        if bytes[0] >= 0xE4, bytes.count > 9 {
            // A session ID that is not known, so that the roaming of genuine records does not come into play.
            for position in 1..<9 { bytes[position] = UInt8.random(in: 0...255, using: &random) }
        }
        if random.unit() < 0.5 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        }
        return random.unit() < 0.3 ? Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) : bytes
    }

    @Test func garbageNeverTraps() {
        var network = busyNetwork(seed: 50)
        let ids = Array(network.nodes[1].core.owners.keys)
        let genuine = network.trace.map(\.bytes)
        for round in 0..<6000 {
            var input = hostileDatagram(from: genuine, random: &network.random)
            if round % 3 == 0, input.count > 9, let id = ids.first {
                var writer = ByteWriter()
                writer.uint64(id)
                input.replaceSubrange(1..<9, with: writer.bytes)
            }
            var actions: [Sessions.Action] = []
            network.nodes[1].core.handle(
                .datagram(input, from: network.nodes[0].endpoint), at: network.now, into: &actions)
        }
        network.send([9], from: 0, to: 1, .reliable, token: 99)
        network.run(.seconds(2))
        #expect(network.nodes[0].sent.contains(99))
    }

    @Test func malformedFramesFromAnAuthenticatedNodeAreDropped() {
        var random = RandomSource(seed: 60)
        let shapes: [[UInt8]] = [
            [0], [4], [1], [1, 9, 0, 0], [1, 1, 0, 5, 1], [3, 0, 0],
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0],
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 65, 0, 1, 1],
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 1, 1],
            [2, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 0, 1, 1],
        ]
        for shape in shapes {
            #expect(throws: MalformedBytes.self) { try Frame.decode(shape[...]) }
        }
        for _ in 0..<6000 {
            let noise = random.bytes(Int.random(in: 0...60, using: &random)).map { $0 < 128 ? $0 & 3 : $0 }
            if let frames = try? Frame.decode(noise[...]) {
                var writer = ByteWriter()
                for frame in frames { frame.encode(into: &writer) }
                #expect(writer.bytes == noise)
            }
        }
    }

    @Test func oneAddressCanNotAskForTooMuch() {
        var limits = SessionLimits()
        limits.challengesPerSecond = 10
        limits.challengeBurst = 20
        var network = VirtualNetwork(seed: 70, nodes: 1, limits: limits)
        let check = DatagramCheck(overlay: OverlayID(name: VirtualNetwork.overlayName))
        let flood = { (network: inout VirtualNetwork, address: String) in
            for _ in 0..<100 {
                let hello = Hello(nonce: Echo(random: &network.random)).encode(check)
                network.handle(.datagram(hello, from: Endpoint(address)!), at: 0)
            }
        }
        flood(&network, "192.0.2.5:1")
        #expect(network.trace.count == 20 && network.nodes[0].count(.rateLimited) == 80)
        flood(&network, "192.0.2.6:1")
        #expect(network.trace.count == 40, "another address has its own bucket")
        network.run(.seconds(1))
        flood(&network, "192.0.2.5:2")
        #expect(network.trace.count == 50, "ten more after a second, whatever the port")
        flood(&network, "[2001:db8::1]:1")
        flood(&network, "[2001:db8::2]:1")
        #expect(network.trace.count == 70, "an IPv6 /64 is one address")
    }
}
