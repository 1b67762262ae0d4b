import Presence
import Primitives
import SIPMessages
import SIPStack
import UserAgent

/// User agents and servers on one network of datagrams, under virtual time: datagrams take a while, and some are lost.
struct TestNetwork {
    private enum Party {
        case agent(UserAgent)
        case server(TestServer)
    }

    private struct Datagram {
        var at: Instant
        var order: Int
        var from: Endpoint
        var to: Endpoint
        var bytes: [UInt8]
    }

    private(set) var now = Instant(secondsSince1970: 1_900_000_000)
    /// The share of datagrams that never arrive.
    var loss: Double
    /// What each user agent reported, in order.
    private(set) var reports: [Endpoint: [UserAgent.Action]] = [:]
    /// Every datagram sent, lost ones included.
    private(set) var sent: [SIPMessage] = []
    private var parties: [Endpoint: Party] = [:]
    private var order: [Endpoint] = []
    private var underWay: [Datagram] = []
    private var count = 0
    private var random: RandomSource

    init(seed: UInt64, loss: Double = 0) {
        random = RandomSource(seed: seed)
        self.loss = loss
    }

    static func endpoint(_ port: UInt16) -> Endpoint { Endpoint(address: IPAddress(v4: 0xC000_0201), port: port) }

    /// Adds a user agent, and gives back its address.
    mutating func add(
        _ user: String, port: UInt16, password: String = "secret", proxy: Endpoint? = nil,
        _ change: (inout UserAgentConfiguration) -> Void = { _ in }
    ) -> Endpoint {
        let endpoint = Self.endpoint(port)
        var configuration = UserAgentConfiguration(
            account: AddressOfRecord(user: user, host: "example.org")!, password: password,
            outboundProxy: proxy.map { OutboundProxy(.udp, $0) }, listeners: [SIPListener(.udp, endpoint)],
            media: Endpoint(address: endpoint.address, port: port + 1_000))
        change(&configuration)
        parties[endpoint] = .agent(UserAgent(configuration: configuration, random: random.split()))
        order.append(endpoint)
        return endpoint
    }

    mutating func addServer(port: UInt16, accounts: [String]) -> Endpoint {
        let endpoint = Self.endpoint(port)
        parties[endpoint] = .server(TestServer(at: endpoint, accounts: accounts, random: random.split()))
        order.append(endpoint)
        return endpoint
    }

    /// Takes a party off the network: what is sent to it is lost, and it does nothing any more.
    mutating func kill(_ endpoint: Endpoint) {
        parties[endpoint] = nil
        order.removeAll { $0 == endpoint }
    }

    func agent(at endpoint: Endpoint) -> UserAgent? {
        guard case .agent(let agent)? = parties[endpoint] else { return nil }
        return agent
    }

    mutating func tell(_ endpoint: Endpoint, _ event: UserAgent.Event) {
        guard case .agent(var agent)? = parties[endpoint] else { return }
        var actions: [UserAgent.Action] = []
        agent.handle(event, at: now, into: &actions)
        parties[endpoint] = .agent(agent)
        for action in actions {
            if case .transport(.transmit(let bytes, let flow)) = action {
                transmit(bytes, from: endpoint, to: flow)
            } else {
                reports[endpoint, default: []].append(action)
            }
        }
    }

    private mutating func tell(server endpoint: Endpoint, _ event: SIPServer.Event) {
        guard case .server(var server)? = parties[endpoint] else { return }
        var out: [TransportAction] = []
        server.handle(event, at: now, into: &out)
        parties[endpoint] = .server(server)
        for case .transmit(let bytes, let flow) in out { transmit(bytes, from: endpoint, to: flow) }
    }

    private mutating func transmit(_ bytes: [UInt8], from: Endpoint, to flow: Flow) {
        if let message = try? SIPMessage(parsing: bytes) { sent.append(message) }
        guard case .endpoint(let to) = flow.remote, random.unit() >= loss else { return }
        count += 1
        let delay = Interval.milliseconds(2 + Int(random.next() % 30))
        underWay.append(Datagram(at: now + delay, order: count, from: from, to: to, bytes: bytes))
    }

    /// Lets time pass until the condition holds.
    ///
    /// - Returns: whether it did within the time.
    @discardableResult
    mutating func run(for time: Interval, until condition: (TestNetwork) -> Bool = { _ in false }) -> Bool {
        let end = now + time
        while !condition(self) {
            guard let next = nextEvent, next <= end else {
                now = end
                return condition(self)
            }
            now = max(now, next)
            step()
        }
        return true
    }

    private var nextEvent: Instant? {
        let deadlines = order.compactMap { endpoint -> Instant? in
            switch parties[endpoint] {
            case .agent(let agent): agent.nextDeadline
            case .server(let server): server.nextDeadline
            case nil: nil
            }
        }
        return (deadlines + underWay.map(\.at)).min()
    }

    private mutating func step() {
        let due = underWay.filter { $0.at <= now }.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
        underWay.removeAll { $0.at <= now }
        for datagram in due {
            let flow = Flow(transport: .udp, local: datagram.to, remote: .endpoint(datagram.from))
            switch parties[datagram.to] {
            case .agent: tell(datagram.to, .transport(.received(datagram.bytes, on: flow)))
            case .server: tell(server: datagram.to, .transport(.received(datagram.bytes, on: flow)))
            case nil: break
            }
        }
        for endpoint in order {
            switch parties[endpoint] {
            case .agent(let agent):
                if let deadline = agent.nextDeadline, deadline <= now { tell(endpoint, .wake) }
            case .server(let server):
                if let deadline = server.nextDeadline, deadline <= now { tell(server: endpoint, .wake) }
            case nil: break
            }
        }
    }
}
