import Identity
import Primitives

@testable import Sessions

/// Several cores wired through a network that loses, delays, repeats and damages datagrams, repeatably.
struct VirtualNetwork {
    struct Faults {
        var loss = 0.0
        var duplication = 0.0
        var corruption = 0.0
        var delay = Interval.milliseconds(20)...Interval.milliseconds(20)
    }

    struct Node {
        var core: Sessions
        var endpoint: Endpoint
        let identity: NodeIdentity
        var delivered: [[UInt8]] = []
        var senders: [Contact] = []
        var sent: [UInt64] = []
        var failed: [UInt64: SessionFailure] = [:]
        var established: [Contact] = []
        var observed: [SessionObservation] = []

        var peer: Contact { Contact(key: identity.publicKey, endpoint: endpoint, nodeID: identity.nodeID) }

        func count(_ reason: DropReason) -> Int {
            observed.count {
                if case .dropped(reason, _) = $0 { true } else { false }
            }
        }
    }

    struct Flight {
        let from: Endpoint
        let to: Endpoint
        let bytes: [UInt8]
    }

    static let overlayName = "example overlay"
    var nodes: [Node] = []
    var faults = Faults()
    var now = Instant(secondsSince1970: 1_800_000_000)
    var random: RandomSource
    /// How many messages ended in which way, over all lives of all nodes; sent ones under nil.
    var fates: [SessionFailure?: Int] = [:]
    /// All that was ever sent, before faults.
    var trace: [Flight] = []
    private var flights: [UInt64: Flight] = [:]
    private var arrivals = DeadlineQueue<UInt64>()
    private var order: UInt64 = 0
    private let limits: SessionLimits

    init(seed: UInt64, nodes count: Int, limits: SessionLimits = SessionLimits(), overlays: [String]? = nil) {
        random = RandomSource(seed: seed)
        self.limits = limits
        for index in 0..<count { add(name: overlays?[index] ?? Self.overlayName) }
    }

    mutating func add(name: String = overlayName) {
        let identity = NodeIdentity(random: &random)
        let endpoint = Endpoint(address: IPAddress(v4: 0xC633_6401 + UInt32(nodes.count)), port: 4000)
        let core = Sessions(
            identity: identity, overlay: OverlayID(name: name), random: random.split(), limits: limits)
        nodes.append(Node(core: core, endpoint: endpoint, identity: identity))
    }

    /// The process of a node ends and another begins with the same keys.
    mutating func restart(_ index: Int) {
        nodes[index].core = Sessions(
            identity: nodes[index].identity, overlay: OverlayID(name: Self.overlayName), random: random.split(),
            limits: limits)
        nodes[index].delivered = []
        nodes[index].sent = []
        nodes[index].failed = [:]
    }

    mutating func send(
        _ payload: [UInt8], from: Int, to: Int, _ delivery: Delivery = .reliable, token: UInt64 = 0
    ) {
        send(payload, from: from, to: .peer(nodes[to].peer), delivery, token: token)
    }

    mutating func send(
        _ payload: [UInt8], from: Int, to: Destination, _ delivery: Delivery = .reliable, token: UInt64 = 0,
        channel: Channel = .sip
    ) {
        handle(.send(payload, channel: channel, to: to, delivery: delivery, token: token), at: from)
    }

    mutating func handle(_ event: Sessions.Event, at index: Int) {
        var actions: [Sessions.Action] = []
        nodes[index].core.handle(event, at: now, into: &actions)
        for action in actions {
            switch action {
            case .transmit(let bytes, let to): launch(Flight(from: nodes[index].endpoint, to: to, bytes: bytes))
            case .deliver(let bytes, _, let from):
                nodes[index].delivered.append(bytes)
                nodes[index].senders.append(from)
            case .established(let peer): nodes[index].established.append(peer)
            case .sent(let token):
                nodes[index].sent.append(token)
                fates[nil, default: 0] += 1
            case .failed(let token, _, let failure):
                nodes[index].failed[token] = failure
                fates[failure, default: 0] += 1
            case .observe(let observation): nodes[index].observed.append(observation)
            }
        }
    }

    mutating func launch(_ flight: Flight) {
        trace.append(flight)
        guard random.unit() >= faults.loss else { return }
        let copies = random.unit() < faults.duplication ? 2 : 1
        for _ in 0..<copies {
            var bytes = flight.bytes
            if random.unit() < faults.corruption {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let spread = faults.delay.upperBound - faults.delay.lowerBound
            order += 1
            flights[order] = Flight(from: flight.from, to: flight.to, bytes: bytes)
            arrivals.set(order, to: now + faults.delay.lowerBound + spread * random.unit())
        }
    }

    /// The next thing that happens, if it is not after `end`.
    private func nextInstant(until end: Instant) -> Instant? {
        let deadlines = nodes.compactMap(\.core.nextDeadline) + [arrivals.earliest].compactMap(\.self)
        return deadlines.min().flatMap { $0 <= end ? $0 : nil }
    }

    mutating func run(_ duration: Interval) {
        let end = now + duration
        while let next = nextInstant(until: end) {
            now = max(now, next)
            while let arrival = arrivals.popDue(at: now) {
                let flight = flights.removeValue(forKey: arrival)!
                if let index = nodes.firstIndex(where: { $0.endpoint == flight.to }) {
                    handle(.datagram(flight.bytes, from: flight.from), at: index)
                }
            }
            for index in nodes.indices {
                if let deadline = nodes[index].core.nextDeadline, deadline <= now { handle(.wake, at: index) }
            }
        }
        now = end
    }
}
