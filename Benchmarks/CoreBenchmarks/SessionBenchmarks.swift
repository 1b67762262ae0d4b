import Benchmark
import Identity
import Primitives
import Sessions

/// Two cores side by side, whose datagrams reach each other at once.
private struct SessionPair {
    private var cores: [Sessions] = []
    private var endpoints: [Endpoint] = []
    private let peers: [Contact]
    private let now = Instant(secondsSince1970: 1_800_000_000)

    init(_ identities: [NodeIdentity]) {
        var random = RandomSource(seed: 1)
        var peers: [Contact] = []
        for (index, identity) in zip((0 as UInt32)..., identities) {
            // Addresses of the machine itself are not limited.
            let endpoint = Endpoint(address: IPAddress(v4: 0x7F00_0001 + index), port: 4000)
            endpoints.append(endpoint)
            peers.append(Contact(key: identity.publicKey, endpoint: endpoint))
            cores.append(
                Sessions(identity: identity, overlay: OverlayID(name: "benchmark"), random: random.split()))
        }
        self.peers = peers
    }

    /// Sends from the first to the second and carries datagrams until nobody answers; gives how many were delivered.
    mutating func exchange(_ payload: [UInt8], _ delivery: Delivery) -> Int {
        var delivered = 0
        var pending: [(to: Int, bytes: [UInt8])] = []
        var actions: [Sessions.Action] = []
        cores[0].handle(
            .send(payload, channel: .sip, to: .peer(peers[1]), delivery: delivery, token: 1), at: now, into: &actions)
        var acting = 0
        while true {
            for action in actions {
                switch action {
                case .transmit(let bytes, _): pending.append((1 - acting, bytes))
                case .deliver: delivered += 1
                default: break
                }
            }
            guard !pending.isEmpty else { return delivered }
            let next = pending.removeFirst()
            acting = next.to
            actions.removeAll(keepingCapacity: true)
            cores[acting].handle(.datagram(next.bytes, from: endpoints[1 - acting]), at: now, into: &actions)
        }
    }
}

/// What it costs to seal, to open and to meet: handshakes cost both sides together.
@MainActor let sessionBenchmarks = BenchmarkSuite(name: "sessions") { suite in
    let payload = [UInt8](repeating: 7, count: 200)
    let large = [UInt8](repeating: 7, count: 65_536)
    let key = SymmetricKey([UInt8](repeating: 1, count: 32))
    let sealed = key.seal(payload, counter: 1, header: [1, 2, 3])
    suite.benchmark("seal 200 bytes") { precondition(key.seal(payload, counter: 1, header: [1, 2, 3]).count == 219) }
    suite.benchmark("open 200 bytes") {
        precondition(key.open(sealed[3...], counter: 1, header: [1, 2, 3]) != nil)
    }
    let identities = (1...2 as ClosedRange<UInt8>).map { NodeIdentity(seed: [UInt8](repeating: $0, count: 32)) }
    suite.benchmark("handshake with a first message") {
        var pair = SessionPair(identities)
        precondition(pair.exchange(payload, .datagram) == 1)
    }
    var established = SessionPair(identities)
    precondition(established.exchange(payload, .reliable) == 1)
    suite.benchmark("datagram of 200 bytes, sent and received") {
        precondition(established.exchange(payload, .datagram) == 1)
    }
    suite.benchmark("reliable 200 bytes, sent, received and acknowledged") {
        precondition(established.exchange(payload, .reliable) == 1)
    }
    suite.benchmark("reliable 64 KiB, sent, received and acknowledged") {
        precondition(established.exchange(large, .reliable) == 1)
    }
}
