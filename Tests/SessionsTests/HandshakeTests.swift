import Identity
import Primitives
import Testing

@testable import Sessions

@Suite struct HandshakeTests {
    @Test func aRequestToAnUnknownNodeIsAnsweredAfterTwoRoundTrips() {
        var network = VirtualNetwork(seed: 1, nodes: 2)
        network.send(Array("request".utf8), from: 0, to: 1, .datagram)
        network.run(.milliseconds(60))
        // Hello, challenge and answer took 20 ms each.
        #expect(network.nodes[1].delivered == [Array("request".utf8)])
        #expect(network.nodes[1].senders[0] == network.nodes[0].peer)
        #expect(network.trace.map { $0.bytes[0] } == [0xE1, 0xE2, 0xE3, 0xE4])
        network.send(Array("response".utf8), from: 1, to: 0, .datagram)
        network.run(.milliseconds(20))
        #expect(network.nodes[0].delivered == [Array("response".utf8)])
        #expect(network.nodes[0].established == [network.nodes[1].peer])
        #expect(network.nodes[1].established == [network.nodes[0].peer])
    }

    @Test func aBootstrapAddressTellsItsKey() {
        var network = VirtualNetwork(seed: 2, nodes: 2)
        network.send([1, 2, 3], from: 0, to: .endpoint(network.nodes[1].endpoint), .reliable, token: 7)
        network.run(.seconds(1))
        #expect(network.nodes[1].delivered == [[1, 2, 3]])
        #expect(network.nodes[0].sent == [7])
        #expect(network.nodes[0].established == [network.nodes[1].peer])
        // A second message to the same address uses the session.
        let before = network.trace.count
        network.send([4], from: 0, to: .endpoint(network.nodes[1].endpoint), .reliable, token: 8)
        network.run(.seconds(1))
        #expect(network.nodes[0].sent == [7, 8])
        #expect(network.trace.count == before + 2, "one record and its acknowledgement")
    }

    @Test func anotherKeyThanTheExpectedOneFailsTheHandshake() {
        var network = VirtualNetwork(seed: 3, nodes: 3)
        let impostor = Contact(key: network.nodes[2].identity.publicKey, endpoint: network.nodes[1].endpoint)
        network.send([1], from: 0, to: .peer(impostor), .reliable, token: 1)
        network.send([1], from: 0, to: .peer(impostor), .datagram, token: 2)
        network.run(.seconds(1))
        #expect(network.nodes[0].failed == [1: .wrongKey, 2: .wrongKey])
        #expect(network.nodes[1].delivered.isEmpty)
        #expect(network.nodes[0].core.associationCount == 0)
    }

    @Test func aResponderThatClaimsAForeignKeyGetsNothing() {
        // The attacker answers with the key of node 1 and a prekey of its own: it can't compute the second secret.
        var network = VirtualNetwork(seed: 4, nodes: 2)
        let check = DatagramCheck(overlay: OverlayID(name: VirtualNetwork.overlayName))
        let victim = network.nodes[1].peer
        network.send([42], from: 0, to: .peer(victim), .datagram, token: 1)
        let hello = try! Hello(decoding: network.trace[0].bytes)
        let prekey = AgreementKeyPair(random: &network.random)
        let challenge = Challenge(
            echo: hello.nonce, epoch: 0, cookie: Echo(random: &network.random), key: victim.key,
            prekey: prekey.publicKey)
        network.handle(.datagram(challenge.encode(check), from: victim.endpoint), at: 0)
        let answer = try! Answer(decoding: network.trace.last!.bytes)
        let attacker = NodeIdentity(random: &network.random)
        let keys = HandshakeKeys(
            overlay: OverlayID(name: VirtualNetwork.overlayName), answer: answer, identity: attacker, prekey: prekey)!
        #expect(answer.open(keys) == nil)
    }

    @Test func ownEndpointIsRecognised() {
        var network = VirtualNetwork(seed: 5, nodes: 1)
        network.send([1], from: 0, to: .endpoint(network.nodes[0].endpoint), .reliable, token: 1)
        network.send([1], from: 0, to: .peer(network.nodes[0].peer), .reliable, token: 2)
        network.run(.seconds(10))
        #expect(network.nodes[0].failed == [1: .ownEndpoint, 2: .ownEndpoint])
    }

    @Test func differentOverlaysNeverTalk() {
        var network = VirtualNetwork(seed: 6, nodes: 2, overlays: ["one", "two"])
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.send([1], from: 1, to: .endpoint(network.nodes[0].endpoint), .reliable, token: 2)
        network.run(.seconds(30))
        #expect(network.nodes[0].failed == [1: .handshakeTimedOut])
        #expect(network.nodes[1].failed == [2: .handshakeTimedOut])
        #expect(network.trace.allSatisfy { $0.bytes[0] == 0xE1 }, "only hellos, and nobody answers them")
        #expect(network.nodes[1].count(.foreignOverlay) == 4)
    }

    @Test func anUnansweredHandshakeFailsAfterFourTransmissions() {
        var network = VirtualNetwork(seed: 7, nodes: 1)
        let nowhere = Contact(
            key: SigningKeyPair(random: &network.random).publicKey, endpoint: Endpoint("192.0.2.1:9")!)
        network.send([1], from: 0, to: .peer(nowhere), .datagram, token: 1)
        network.run(.milliseconds(7_499))
        #expect(network.nodes[0].failed.isEmpty)
        network.run(.milliseconds(1))
        #expect(network.nodes[0].failed == [1: .handshakeTimedOut])
        #expect(network.trace.count == 4)
        #expect(network.nodes[0].core.nextDeadline == nil)
    }

    @Test func bothSidesAtOnceAgreeOnOneSession() throws {
        for seed in 0..<20 as Range<UInt64> {
            var network = VirtualNetwork(seed: 100 + seed, nodes: 2)
            network.faults.delay = .milliseconds(5)...Interval.milliseconds(40)
            network.send([0], from: 0, to: 1, .reliable, token: 1)
            network.send([1], from: 1, to: 0, .reliable, token: 2)
            network.send([2], from: 0, to: 1, .datagram)
            network.run(.seconds(5))
            #expect(network.nodes[0].sent == [1] && network.nodes[1].sent == [2])
            #expect(Set(network.nodes[1].delivered) == [[0], [2]] && network.nodes[1].delivered.count == 2)
            #expect(network.nodes[0].delivered == [[1]])
            let a = network.nodes[0]
            let b = network.nodes[1]
            let one = try #require(a.core.associations[b.identity.nodeID])
            let other = try #require(b.core.associations[a.identity.nodeID])
            let mine = one.sessions[one.sendingIndex(own: a.identity.nodeID, at: network.now, limits: a.core.limits)!]
            let theirs = other.sessions[
                other.sendingIndex(own: b.identity.nodeID, at: network.now, limits: b.core.limits)!]
            #expect(mine.remoteID == theirs.localID && mine.localID == theirs.remoteID)
            #expect(one.handshake == nil && other.handshake == nil)
        }
    }

    @Test func aRepeatedAnswerIsAcceptedOnceAndAcknowledgedAgain() {
        var network = VirtualNetwork(seed: 8, nodes: 2)
        network.send([1], from: 0, to: 1, .datagram)
        network.run(.milliseconds(41))
        // The acceptance is lost: the answer is repeated after half a second.
        network.faults.loss = 1
        network.run(.milliseconds(20))
        network.faults.loss = 0
        network.run(.seconds(2))
        #expect(network.nodes[1].delivered == [[1]])
        #expect(network.nodes[1].count(.usedCookie) == 1)
        #expect(network.nodes[0].established.count == 1)
    }

    @Test func aNodeThatLostItsKeysIsRecovered() {
        for size in [10, 600] {
            var network = VirtualNetwork(seed: 9, nodes: 2)
            network.send([1], from: 0, to: 1, .reliable, token: 1)
            network.run(.seconds(1))
            network.restart(1)
            network.send([UInt8](repeating: 5, count: size), from: 0, to: 1, .reliable, token: 2)
            let began = network.now
            network.run(.seconds(10))
            #expect(network.nodes[0].sent == [1, 2])
            #expect(network.nodes[1].delivered.map(\.count) == [size])
            #expect(network.nodes[0].observed.contains(.restarted(network.nodes[1].peer)))
            // A large record provokes the challenge itself, a small one a notice and a hello.
            let types = network.trace.drop { $0.bytes[0] != 0xE5 }.map { $0.bytes[0] }
            #expect(types.contains(0xE6) == (size == 10))
            #expect(network.now - began == .seconds(10))
        }
    }

    @Test func aFalseNoticeDoesNotEndASession() {
        var network = VirtualNetwork(seed: 10, nodes: 2)
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(1))
        network.send([2], from: 0, to: 1, .datagram)
        let record = try! Record(decoding: network.trace.last!.bytes)
        let check = DatagramCheck(overlay: OverlayID(name: VirtualNetwork.overlayName))
        let notice = UnknownSessionNotice(echo: record.echo).encode(check)
        network.handle(.datagram(notice, from: network.nodes[1].endpoint), at: 0)
        network.handle(.datagram(notice, from: Endpoint("192.0.2.66:1")!), at: 0)
        network.send([3], from: 0, to: 1, .datagram)
        network.run(.seconds(1))
        #expect(network.nodes[1].delivered == [[1], [2], [3]])
        #expect(network.nodes[0].count(.unknownHandshake) == 1, "from an endpoint that is not the node's")
        #expect(!network.nodes[0].observed.contains(.restarted(network.nodes[1].peer)))
    }

    @Test func sessionsFollowANodeToItsNewAddress() {
        var network = VirtualNetwork(seed: 11, nodes: 2)
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(1))
        let old = network.nodes[0].endpoint
        network.nodes[0].endpoint = Endpoint("203.0.113.9:5555")!
        network.send([2], from: 0, to: 1, .reliable, token: 2)
        network.run(.seconds(1))
        #expect(network.nodes[0].sent == [1, 2])
        #expect(network.nodes[1].observed.contains(.moved(network.nodes[0].peer, from: old)))
        network.send([3], from: 1, to: .peer(Contact(key: network.nodes[0].identity.publicKey, endpoint: old)))
        network.run(.seconds(1))
        #expect(network.nodes[0].delivered == [[3]], "sent to where the node was last heard")
    }

    @Test func keysAreAgreedAfreshByAgeAndByCount() {
        var limits = SessionLimits()
        limits.rekeyAge = .seconds(100)
        limits.rekeyRecords = 50
        var network = VirtualNetwork(seed: 12, nodes: 2, limits: limits)
        for token in 0..<60 as Range<UInt64> {
            network.send([UInt8(token)], from: 0, to: 1, .reliable, token: token)
            network.run(.milliseconds(100))
        }
        let rekeyed = SessionObservation.rekeyed(network.nodes[1].peer)
        #expect(network.nodes[0].observed.count { $0 == rekeyed } == 1)
        network.run(.seconds(105))
        network.send([200], from: 0, to: 1, .reliable, token: 200)
        network.run(.seconds(200))
        #expect(network.nodes[0].observed.count { $0 == rekeyed } == 2)
        #expect(network.nodes[1].delivered.count == 61 && network.nodes[0].sent.count == 61)
        // What was replaced is erased.
        #expect(network.nodes[0].core.associations[network.nodes[1].identity.nodeID]!.sessions.count == 1)
        #expect(network.nodes[0].core.owners.count == 1)
    }
}
