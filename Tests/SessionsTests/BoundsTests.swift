import Identity
import Primitives
import Testing

@testable import Sessions

@Suite struct BoundsTests {
    @Test func theLeastRecentlyUsedNodeMakesRoom() {
        var limits = SessionLimits()
        limits.associations = 4
        var network = VirtualNetwork(seed: 80, nodes: 1, limits: limits)
        for _ in 0..<8 { network.add() }
        for index in 1...8 {
            network.send([UInt8(index)], from: index, to: 0, .reliable, token: UInt64(index))
            network.run(.seconds(2))
            #expect(network.nodes[index].sent == [UInt64(index)])
            #expect(network.nodes[0].core.associationCount == min(index, 4))
        }
        #expect(network.nodes[0].core.owners.count == 4)
        #expect(network.nodes[0].core.nodesByEndpoint.count == 4)
        // One that was dropped comes back by itself.
        network.send([1], from: 1, to: 0, .reliable, token: 100)
        network.run(.seconds(5))
        #expect(network.nodes[1].sent == [1, 100])
    }

    /// However many records wait for a node, a call still gets through to it, and first.
    @Test func recordsLeaveRoomForCalls() {
        var network = VirtualNetwork(seed: 83, nodes: 2)
        network.send([0], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(2))
        network.nodes[1].delivered = []
        let peer = Destination.peer(network.nodes[1].peer)
        let half = UInt64(SessionLimits().queuedMessages / 2)
        for token in 2..<half + 12 as Range<UInt64> {
            network.send([1], from: 0, to: peer, .reliable, token: token, channel: .kademlia)
        }
        #expect(network.nodes[0].failed.count == 10)
        #expect(network.nodes[0].failed.values.allSatisfy { $0 == .queueFull })
        network.send([2], from: 0, to: peer, .reliable, token: 1_000)
        #expect(network.nodes[0].failed[1_000] == nil)
        network.run(.seconds(30))
        let order = network.nodes[1].delivered
        #expect(order.count == Int(half) + 1)
        // What was on its way already stays ahead of it.
        #expect((order.firstIndex(of: [2]) ?? .max) < 64)
    }

    @Test func handshakesAreBounded() {
        var limits = SessionLimits()
        limits.handshakes = 3
        var network = VirtualNetwork(seed: 81, nodes: 1, limits: limits)
        for token in 0..<5 as Range<UInt64> {
            let endpoint = Endpoint(address: IPAddress(v4: 0xC000_0200 + UInt32(token)), port: 9)
            network.send([1], from: 0, to: .endpoint(endpoint), .reliable, token: token)
        }
        #expect(network.nodes[0].failed == [3: .tooManyHandshakes, 4: .tooManyHandshakes])
        let stranger = Contact(
            key: SigningKeyPair(random: &network.random).publicKey, endpoint: Endpoint("192.0.2.9:9")!)
        network.send([1], from: 0, to: .peer(stranger), .datagram, token: 9)
        #expect(network.nodes[0].failed[9] == .tooManyHandshakes)
        network.run(.seconds(20))
        #expect(network.nodes[0].failed.count == 6)
        #expect(network.nodes[0].core.handshakes.isEmpty && network.nodes[0].core.bootstraps.isEmpty)
        #expect(network.nodes[0].core.queuedBytes == 0)
    }

    @Test func anIdleSessionSendsNothingAndEnds() {
        var network = VirtualNetwork(seed: 82, nodes: 2)
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(5))
        let before = network.trace.count
        network.run(.minutes(59))
        #expect(network.trace.count == before)
        #expect(network.nodes[0].core.associationCount == 1)
        network.run(.minutes(2))
        #expect(network.trace.count == before)
        for node in network.nodes {
            #expect(node.core.associationCount == 0)
            #expect(node.core.nextDeadline == nil, "nothing is left to wait for")
            #expect(node.core.owners.isEmpty && node.core.nodesByEndpoint.isEmpty)
        }
    }

    @Test func aForgottenNodeLeavesNothing() {
        var network = VirtualNetwork(seed: 83, nodes: 2)
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.handle(.forget(network.nodes[1].identity.nodeID), at: 0)
        #expect(network.nodes[0].failed == [1: .forgotten])
        #expect(network.nodes[0].core.associationCount == 0)
        #expect(network.nodes[0].core.handshakes.isEmpty && network.nodes[0].core.owners.isEmpty)
        #expect(network.nodes[0].core.nextDeadline == nil)
    }

    @Test func anEpochEndsWithItsTimeAndWithItsAnswers() {
        var limits = SessionLimits()
        limits.answersPerEpoch = 2
        var secrets = ResponderSecrets(limits: limits)
        var random = RandomSource(seed: 84)
        let start = Instant(secondsSince1970: 1)
        let first = secrets.epoch(at: start, random: &random)
        #expect(secrets.epoch(at: start + .seconds(59), random: &random).number == first.number)
        let second = secrets.epoch(at: start + .seconds(60), random: &random)
        #expect(second.number != first.number && second.prekey.publicKey != first.prekey.publicKey)
        #expect(secrets.epoch(numbered: first.number) != nil)
        #expect(secrets.deadline == start + .seconds(120))
        secrets.erase(at: start + .seconds(120))
        #expect(secrets.epoch(numbered: first.number) == nil && secrets.epoch(numbered: second.number) != nil)
        secrets.erase(at: start + .seconds(180))
        #expect(secrets.epoch(numbered: second.number) == nil && secrets.deadline == nil)
        let third = secrets.epoch(at: start + .seconds(200), random: &random)
        let node = NodeID(bits: .random(using: &random))
        let cookie = Echo(random: &random)
        secrets.accept(cookie, from: node)
        #expect(secrets.acceptedNode(for: cookie) == node)
        secrets.accept(Echo(random: &random), from: node)
        #expect(secrets.epoch(numbered: third.number) == nil, "rather than forget an answer the epoch ends")
    }

    /// A peer that never agrees on fresh keys, and goes on sending under the old ones, costs no more for it.
    @Test func aPeerThatKeepsItsOldSessionIsBounded() {
        var limits = SessionLimits()
        limits.rekeyAge = .minutes(1)
        limits.rejectAge = .minutes(2)
        var network = VirtualNetwork(seed: 86, nodes: 2, limits: limits)
        network.send([0], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(2))
        let peer = network.nodes[1].identity.nodeID
        let sender = network.nodes[0].identity.nodeID
        var number: UInt64 = 1
        func sendRecord() {
            var frames = ByteWriter(reserving: 400)
            for _ in 0..<20 {
                let fragment = Fragment(channel: .sip, number: number, index: 0, count: 1, bytes: [1])
                Frame.fragment(fragment).encode(into: &frames)
                number += 1
            }
            let record = network.nodes[0].core.associations[peer]!.sessions[0].seal(frames.bytes, incarnation: 0)
            network.handle(.datagram(record, from: network.nodes[0].endpoint), at: 1)
        }
        // What is on its way when the time comes is still taken, though there are no keys to answer with.
        network.now += .minutes(3)
        for _ in 0..<50 { sendRecord() }
        #expect(network.nodes[1].delivered.count == 1_001)
        #expect(
            network.nodes[1].core.associations[sender]?.acknowledgements.count == Association.maximumAcknowledgements)
        // Then the keys are erased.
        network.now += .minutes(2)
        sendRecord()
        #expect(network.nodes[1].delivered.count == 1_001)
        #expect(network.nodes[1].count(.unknownSession) == 1)
        #expect(network.nodes[1].core.associations[sender]?.sessions.isEmpty == true)
        #expect(network.nodes[1].core.owners.count <= 1, "no more than the handshake's")
    }

    @Test func aSessionThatIsTooOldIsNotUsed() {
        var limits = SessionLimits()
        limits.rejectRecords = 10
        var network = VirtualNetwork(seed: 85, nodes: 2, limits: limits)
        for token in 0..<40 as Range<UInt64> {
            network.send([UInt8(token)], from: 0, to: 1, .reliable, token: token)
            network.run(.milliseconds(300))
        }
        network.run(.seconds(3))
        #expect(network.nodes[0].sent.count == 40 && network.nodes[1].delivered.count == 40)
        #expect(network.nodes[0].observed.contains(.rekeyed(network.nodes[1].peer)))
    }
}
