import Glibc
import Identity
import Kademlia
import Primitives

@testable import OverlayNode
@testable import OverlaySimulator

/// Whole nodes with sockets on loopback, in real time: each datagram is held back for as long as the simulator's
/// underlay says that it takes.
final class LoopbackNodes {
    private struct NoPort: Error {}

    private struct Datagram {
        let due: Instant
        let source: Int
        let bytes: [UInt8]
        let destination: Endpoint
    }

    private var nodes: [OverlayNode] = []
    private var sockets: [CInt] = []
    private var endpoints: [Endpoint] = []
    private let underlay: Underlay
    private var waiting: [Datagram] = []
    private let start = ContinuousClock.now
    /// What the nodes told of their lookups.
    private(set) var lookups: [(requests: Double, milliseconds: Double)] = []

    init(_ count: Int, underlay: Underlay, random: inout RandomSource) throws {
        self.underlay = underlay
        for _ in 0..<count {
            let (file, endpoint) = try Self.bind()
            sockets.append(file)
            endpoints.append(endpoint)
        }
        for index in 0..<count {
            var configuration = NodeConfiguration(overlay: endpoints[index])
            configuration.bootstrap = index == 0 ? [] : [endpoints[0]]
            nodes.append(
                try OverlayNode(
                    configuration: configuration, identity: NodeIdentity(random: &random), random: random.split(),
                    restoring: [], at: now))
        }
    }

    deinit { for file in sockets { close(file) } }

    var now: Instant {
        let passed = start.duration(to: .now).components
        let nanoseconds = passed.seconds * 1_000_000_000 + passed.attoseconds / 1_000_000_000
        return Instant(secondsSince1970: 1_900_000_000) + Interval(nanoseconds: nanoseconds)
    }

    func join(_ index: Int) { handle(.start, at: index) }

    /// Has a node look up what nobody stored.
    func lookUp(_ resource: ResourceID, at index: Int) {
        var actions: [OverlayNode.Action] = []
        let event = Kademlia.Event.lookUp(LookupToken(.max), .registration, resource, LookupOptions(quorum: 1))
        nodes[index].drive(event, at: now, into: &actions)
        carryOut(actions, of: index)
    }

    func run(for interval: Interval) {
        let end = now + interval
        while now < end {
            sendDue()
            for index in nodes.indices where nodes[index].nextDeadline.map({ $0 <= now }) ?? false {
                handle(.wake, at: index)
            }
            waitForDatagrams(until: min(end, nextMoment))
            for index in sockets.indices {
                while let (bytes, source) = receive(sockets[index]) {
                    handle(.overlayDatagram(bytes, from: source), at: index)
                }
            }
        }
    }

    private var nextMoment: Instant {
        let timers = nodes.compactMap(\.nextDeadline).min() ?? .distantFuture
        return min(timers, waiting.map(\.due).min() ?? .distantFuture)
    }

    private func sendDue() {
        let present = now
        for datagram in waiting where datagram.due <= present {
            Self.withAddress(datagram.destination) { address, length in
                _ = sendto(sockets[datagram.source], datagram.bytes, datagram.bytes.count, 0, address, length)
            }
        }
        waiting.removeAll { $0.due <= present }
    }

    private func handle(_ event: OverlayNode.Event, at index: Int) {
        var actions: [OverlayNode.Action] = []
        nodes[index].handle(event, at: now, into: &actions)
        carryOut(actions, of: index)
    }

    private func carryOut(_ actions: [OverlayNode.Action], of index: Int) {
        for action in actions {
            switch action {
            case .overlayTransmit(let bytes, let destination):
                guard let other = endpoints.firstIndex(of: destination) else { continue }
                let due = now + underlay.delay(from: index, to: other)
                waiting.append(Datagram(due: due, source: index, bytes: bytes, destination: destination))
            case .observe(let observation) where observation.name.hasPrefix("lookup-"):
                let figures = observation.text.split { !$0.isNumber }.compactMap { Double($0) }
                guard figures.count == 3 else { continue }
                lookups.append((figures[1], figures[2]))
            default: break
            }
        }
    }

    // MARK: Sockets

    private static func bind() throws -> (file: CInt, endpoint: Endpoint) {
        let file = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        var own = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withAddress(Endpoint(address: .loopback, port: 0)) { Glibc.bind(file, $0, $1) == 0 }
        let isNamed = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) == 0 }
        }
        guard isBound, isNamed else { throw NoPort() }
        return (file, Endpoint(address: .loopback, port: UInt16(bigEndian: own.sin_port)))
    }

    private static func withAddress<T>(_ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func receive(_ file: CInt) -> (bytes: [UInt8], source: Endpoint)? {
        var source = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var buffer = [UInt8](repeating: 0, count: 2_048)
        let count = withUnsafeMutablePointer(to: &source) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(file, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard count >= 0 else { return nil }
        return (Array(buffer.prefix(count)), Endpoint(address: .loopback, port: UInt16(bigEndian: source.sin_port)))
    }

    private func waitForDatagrams(until moment: Instant) {
        var files = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let pause = max(moment - now, .zero)
        _ = poll(&files, nfds_t(files.count), CInt(min(pause.inMilliseconds.rounded(.up), 100)))
    }
}
