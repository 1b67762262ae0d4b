import Identity
import Primitives
import Testing

@testable import Sessions

@Suite struct ReliabilityTests {
    /// A message that says which one it is, of the given length.
    private func message(_ token: UInt64, length: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.uint64(token)
        let rest = max(0, length - 8)
        return writer.bytes + (0..<rest).map { UInt8(truncatingIfNeeded: UInt64($0) &* 31 &+ token) }
    }

    @Test func aSmallMessageCostsOneDatagramAndItsAcknowledgement() {
        var network = VirtualNetwork(seed: 20, nodes: 2)
        network.send([0], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(5))
        let before = network.trace.count
        network.send(message(9, length: 900), from: 0, to: 1, .reliable, token: 2)
        network.run(.seconds(5))
        #expect(network.trace.count - before == 2)
        #expect(network.trace.last!.bytes.count == 17 + 17 + 16)
        #expect(network.nodes[0].sent == [1, 2])
    }

    @Test(arguments: [0, 1, 1023, 1024, 1025, 20_000, 65_535, 65_536])
    func messagesOfAnyLengthArriveWhole(length: Int) {
        var network = VirtualNetwork(seed: 21, nodes: 2)
        let payload = [UInt8]((0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) })
        network.send(payload, from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(5))
        #expect(network.nodes[1].delivered == [payload])
        #expect(network.nodes[0].sent == [1])
        #expect(network.trace.allSatisfy { $0.bytes.count <= Sessions.maximumDatagramLength })
    }

    @Test func whatIsTooLongFailsAtOnce() {
        var network = VirtualNetwork(seed: 22, nodes: 2)
        network.send([UInt8](repeating: 0, count: 65_537), from: 0, to: 1, .reliable, token: 1)
        network.send([UInt8](repeating: 0, count: 1081), from: 0, to: 1, .datagram, token: 2)
        #expect(network.nodes[0].failed == [1: .tooLong, 2: .tooLong])
        network.send([UInt8](repeating: 0, count: 1080), from: 0, to: 1, .datagram, token: 3)
        network.run(.seconds(1))
        #expect(network.nodes[1].delivered.map(\.count) == [1080])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func everyMessageArrivesExactlyOnceOrIsReportedAsFailed(seed: UInt64) {
        var network = VirtualNetwork(seed: 1000 + seed, nodes: 3)
        network.faults = VirtualNetwork.Faults(
            loss: 0.3 * network.random.unit(), duplication: 0.2 * network.random.unit(),
            corruption: 0.1 * network.random.unit(), delay: .milliseconds(1)...Interval.milliseconds(150))
        var token: UInt64 = 0
        var sender: [UInt64: Int] = [:]
        for _ in 0..<60 {
            token += 1
            let from = Int.random(in: 0..<3, using: &network.random)
            let to = (from + Int.random(in: 1..<3, using: &network.random)) % 3
            let isLong = network.random.unit() < 0.2
            let length = Int.random(in: 8...(isLong ? 65_536 : 1500), using: &network.random)
            sender[token] = from
            if network.random.unit() < 0.2 {
                network.send(
                    message(token, length: length), from: from, to: .endpoint(network.nodes[to].endpoint), .reliable,
                    token: token)
            } else {
                network.send(message(token, length: length), from: from, to: to, .reliable, token: token)
            }
            network.run(network.random.jittered(.milliseconds(200), by: 0...1))
        }
        network.run(.seconds(120))
        var arrivals: [UInt64: Int] = [:]
        for node in network.nodes {
            for bytes in node.delivered {
                var reader = ByteReader(bytes)
                let token = try! reader.uint64()
                arrivals[token, default: 0] += 1
                #expect(bytes == message(token, length: bytes.count))
            }
        }
        for (token, from) in sender {
            let isSent = network.nodes[from].sent.count { $0 == token }
            let isFailed = network.nodes[from].failed[token] != nil
            #expect(isSent + (isFailed ? 1 : 0) == 1, "message \(token) has exactly one fate")
            #expect(arrivals[token, default: 0] <= 1, "message \(token) is never delivered twice")
            if isSent == 1 { #expect(arrivals[token] == 1, "message \(token) was acknowledged and must have arrived") }
        }
        let failures = network.nodes.reduce(0) { $0 + $1.failed.count }
        #expect(failures <= 3, "even a bad network delivers nearly everything")
        for node in network.nodes {
            #expect(node.core.queuedBytes == 0)
            #expect(node.core.reservedBytes >= 0)
        }
    }

    @Test func aWayThatEndsIsReported() {
        var network = VirtualNetwork(seed: 23, nodes: 2)
        network.send([1], from: 0, to: 1, .reliable, token: 1)
        network.run(.seconds(1))
        network.faults.loss = 1
        network.send(message(2, length: 5000), from: 0, to: 1, .reliable, token: 2)
        network.run(.seconds(90))
        #expect(network.nodes[0].sent == [1])
        #expect(network.nodes[0].failed.keys.sorted() == [2])
        #expect(network.nodes[0].core.associationCount == 0)
        #expect(network.nodes[0].core.queuedBytes == 0)
    }

    @Test func aFullQueueRefusesMore() {
        var limits = SessionLimits()
        limits.queuedMessages = 4
        var network = VirtualNetwork(seed: 24, nodes: 2, limits: limits)
        for token in 0..<6 as Range<UInt64> { network.send([1], from: 0, to: 1, .reliable, token: token) }
        #expect(network.nodes[0].failed == [4: .queueFull, 5: .queueFull])
        network.run(.seconds(1))
        #expect(network.nodes[0].sent.sorted() == [0, 1, 2, 3])
    }

    @Test func aBulkTransferFillsTheWayWithoutFloodingIt() {
        var network = VirtualNetwork(seed: 25, nodes: 2)
        for token in 0..<8 as Range<UInt64> {
            network.send([UInt8](repeating: 1, count: 65_536), from: 0, to: 1, .reliable, token: token)
        }
        network.run(.seconds(20))
        #expect(network.nodes[0].sent.count == 8)
        let fragments = network.trace.count { $0.bytes.count > 1000 }
        #expect(fragments == 8 * 64, "nothing is sent twice when nothing is lost")
    }

    @Test func theRoundTripFollowsRFC6298() {
        var estimate = RoundTripEstimate()
        #expect(estimate.timeout == .seconds(1))
        estimate.measured(.milliseconds(400))
        #expect(estimate.timeout == .milliseconds(400 + 4 * 200))
        estimate.measured(.milliseconds(400))
        #expect(estimate.timeout == .milliseconds(400 + 4 * 150))
        estimate.timedOut()
        #expect(estimate.timeout == .milliseconds(2000))
        for _ in 0..<10 { estimate.timedOut() }
        #expect(estimate.timeout == RoundTripEstimate.ceiling)
        estimate.progressed()
        #expect(estimate.timeout == .milliseconds(1000))
    }

    @Test func theWindowGrowsAndShrinks() {
        var window = CongestionWindow()
        window.acknowledged(10)
        #expect(window.size == 20)
        window.lost()
        #expect(window.size == 10)
        window.acknowledged(1)
        #expect(window.size == 10.1)
        window.collapsed()
        #expect(window.size == CongestionWindow.smallest)
        for _ in 0..<100 { window.acknowledged(64) }
        #expect(window.size == CongestionWindow.largest)
    }

    @Test func reassemblyIsBounded() {
        var receiver = ReliableReceiver()
        let piece = [UInt8](repeating: 1, count: Fragment.length)
        for number in 0..<4 as Range<UInt64> {
            let fragment = Fragment(channel: .sip, number: number, index: 0, count: 64, bytes: piece[...])
            let room = 200_000 - receiver.reservedBytes
            let (outcome, acknowledgement) = receiver.receive(
                fragment, room: room, expiresAt: Instant(secondsSince1970: number))
            if case .refused = outcome {
                #expect(number == 3 && acknowledgement == nil)
            } else {
                #expect(acknowledgement == Acknowledgement(number: number, received: 1))
            }
        }
        #expect(receiver.reservedBytes == 3 * 65_536)
        receiver.expire(at: Instant(secondsSince1970: 1))
        #expect(receiver.reservedBytes == 65_536)
    }

    @Test func aReceiverThatDropsWhatItHadIsServedAgain() {
        var sender = ReliableSender()
        let now = Instant(secondsSince1970: 1)
        let queued = QueuedMessage(
            payload: [UInt8](repeating: 0, count: 2048), channel: .sip,
            destination: .endpoint(Endpoint("192.0.2.1:1")!), delivery: .reliable, token: 5)
        let isQueued = sender.enqueue(queued, at: now, limits: SessionLimits())
        #expect(isQueued)
        while sender.nextFragment(room: 1200, at: now) != nil {}
        #expect(sender.acknowledge(Acknowledgement(number: 0, received: 1), at: now).finished == nil)
        // The second fragment arrived at a receiver that had forgotten the first.
        #expect(sender.acknowledge(Acknowledgement(number: 0, received: 2), at: now).finished == nil)
        #expect(sender.nextFragment(room: 1200, at: now)?.index == 0)
        #expect(sender.acknowledge(Acknowledgement(number: 0, received: 3), at: now).finished?.token == 5)
        #expect(sender.deadline == nil)
    }
}
