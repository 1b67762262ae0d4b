import Primitives
import SIPMessages
import SIPStack
import Testing

/// A phone or proxy beside the server under test, for building what it sends.
struct Peer {
    var user: String
    var endpoint: Endpoint
    var transport = SIPTransport.udp
    var connection: UInt64 = 0

    init(_ user: String, _ address: String, transport: SIPTransport = .udp, connection: UInt64 = 0) {
        self.user = user
        endpoint = Endpoint(address)!
        self.transport = transport
        self.connection = connection
    }

    var flow: Flow {
        Flow(
            transport: transport, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(endpoint),
            connection: connection)
    }

    var contact: String {
        "<sip:\(user)@\(endpoint)\(transport == .udp ? "" : ";transport=\(transport.rawValue)")>"
    }
}

/// A server on 192.0.2.1:5060 for example.org whose actions are collected and taken apart.
struct ServerHarness {
    static let node = NodeID(bits: Bits256(words: SIMD4(1, 2, 3, 4)))
    var server: SIPServer
    var now = Instant(secondsSince1970: 1_000_000)
    var actions: [SIPServerAction] = []
    var counter = 0
    /// What the DNS answers, at once; nil for a DNS that says nothing.
    var zone: Zone?

    init(
        trusted: [String] = [], allowedSources: [String]? = nil, seed: UInt64 = 1,
        registrar: RegistrarConfiguration? = nil, node: NodeID = ServerHarness.node, maximumTransactions: Int = 1_000,
        secret: [UInt8]? = nil, border: Border = Border(), listensForTLS: Bool = false, emergency: String? = nil,
        sourceLimits: SourceLimits? = nil
    ) {
        let endpoint = Endpoint("192.0.2.1:5060")!
        var configuration = SIPServerConfiguration(
            domains: ["example.org"], nodeID: node,
            listeners: [SIPListener(.udp, endpoint), SIPListener(.tcp, endpoint)],
            trusted: trusted.map { AddressPrefix($0)! },
            allowedSources: allowedSources?.map { AddressPrefix($0)! }, registrar: registrar,
            eventPackages: ["presence"], secret: secret, maximumTransactions: maximumTransactions)
        configuration.border = border
        if listensForTLS { configuration.listeners.append(SIPListener(.tls, Endpoint("192.0.2.1:5061")!)) }
        configuration.emergency = emergency.flatMap { SIPURI($0) }
        configuration.sourceLimits = sourceLimits
        server = SIPServer(configuration: configuration, random: RandomSource(seed: seed))
    }

    mutating func handle(_ event: SIPServerEvent) {
        server.handle(event, at: now, into: &actions)
        while let zone, let question = actions.queries.first {
            actions.removeAll { if case .query(question) = $0 { true } else { false } }
            server.handle(.answered(question, zone.answer(to: question)), at: now, into: &actions)
        }
    }

    mutating func addUser(_ user: String, password: String) {
        handle(
            .setAccount(
                AddressOfRecord(user: user, host: "example.org")!,
                Credentials(user: user, realm: "example.org", password: password)))
    }

    mutating func receive(_ message: SIPMessage, on flow: Flow) {
        handle(.transport(.received(message.bytes, on: flow)))
    }

    /// Lets time pass, waking the server whenever it wants to be.
    mutating func advance(_ interval: Interval) {
        let end = now + interval
        while let deadline = server.nextDeadline, deadline <= end {
            now = max(now, deadline)
            handle(.wake)
        }
        now = end
    }

    /// All that was sent since the last call, with where it went.
    mutating func sent() -> [(message: SIPMessage, flow: Flow)] {
        var out: [(message: SIPMessage, flow: Flow)] = []
        for action in actions {
            if case .transport(.transmit(let bytes, let flow)) = action, let message = try? SIPMessage(parsing: bytes) {
                out.append((message, flow))
            }
        }
        actions = []
        return out
    }

    mutating func sentMessages() -> [SIPMessage] { sent().map(\.message) }

    /// A request with a branch and tag of its own.
    mutating func request(
        _ method: SIPMethod, _ uri: String, from peer: Peer, to: String? = nil, callID: String? = nil, cseq: Int = 1,
        domain: String = "example.org", headers: [(HeaderName, String)] = [], contact: Bool = true, body: [UInt8] = []
    ) -> SIPMessage {
        counter += 1
        var all: [(HeaderName, String)] = [
            (.via, "SIP/2.0/\(peer.transport.viaName) \(peer.endpoint);branch=z9hG4bKtest\(counter)"),
            (.maxForwards, "70"), (.from, "<sip:\(peer.user)@\(domain)>;tag=f\(peer.user)"),
            (.to, to ?? "<\(uri)>"), (.callID, callID ?? "call\(counter)@test"), (.cseq, "\(cseq) \(method)"),
        ]
        if contact { all.append((.contact, peer.contact)) }
        let replaced = [HeaderName.maxForwards, .contact, .from].filter { name in headers.contains { $0.0 == name } }
        all.removeAll { replaced.contains($0.0) }
        all += headers
        return .request(method, uri: SIPURI(uri)!, headers: all, body: body)
    }

    /// Registers a peer from a trusted source.
    mutating func register(_ peer: Peer, expires: Int = 3_600, headers: [(HeaderName, String)] = []) {
        let message = request(
            .register, "sip:example.org", from: peer, to: "<sip:\(peer.user)@example.org>",
            headers: [(.expires, String(expires))] + headers)
        receive(message, on: peer.flow)
        #expect(sentMessages().last?.statusCode == 200)
    }
}

extension [SIPServerAction] {
    var queries: [DNSQuestion] { compactMap { if case .query(let question) = $0 { question } else { nil } } }

    var lookUps: [(LookUpToken, AddressOfRecord)] {
        compactMap { if case .lookUp(let token, let aor) = $0 { (token, aor) } else { nil } }
    }

    var absences:
        [(
            id: ServerTransactionID, request: SIPMessage, recipient: AddressOfRecord, sender: AddressOfRecord,
            status: Int
        )]
    {
        compactMap {
            guard case .absent(let id, let request, let recipient, let sender, let status) = $0 else { return nil }
            return (id, request, recipient, sender, status)
        }
    }

    var observations: [SIPObservation] {
        compactMap { if case .observe(let observation) = $0 { observation } else { nil } }
    }

    var handedUp: [(ServerTransactionID, SIPMessage, AddressOfRecord?)] {
        compactMap { if case .request(let id, let message, _, let user) = $0 { (id, message, user) } else { nil } }
    }
}
