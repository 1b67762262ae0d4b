import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing
import XMLTree

/// Drives a presence agent as a node would: requests in, actions out, a journal that survives a restart.
struct AgentDriver {
    static let nodeID = NodeID(bits: Bits256(words: SIMD4(1, 2, 3, 4)))
    static let alice = AddressOfRecord("alice@example.org")!
    static let bob = AddressOfRecord("bob@example.org")!
    static let phone = Flow(
        transport: .udp, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint("198.51.100.7:5062")!))
    static let stream = Flow(
        transport: .tcp, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint("198.51.100.7:40000")!),
        connection: 9)
    static let allowEvents = PresenceConfiguration(nodeID: nodeID).allowEvents
    static let farNode = NodeID(bits: Bits256(words: SIMD4(9, 9, 9, 9)))

    /// A NOTIFY that left the agent.
    struct Sent {
        var token: RequestToken
        var message: SIPMessage
        var hop: NextHop?

        var document: XMLElement? { message.body.isEmpty ? nil : try? XMLDocument(parsing: message.body).root }
        var state: String { message.value(.subscriptionState)?.string ?? "" }
    }

    var agent: PresenceAgent
    var now = Instant(secondsSince1970: 1_800_000_000)
    var journal: [PresenceRoom: [[UInt8]: [UInt8]]] = [:]
    var actions: [PresenceAgent.Action] = []
    private var seed: UInt64
    private var nextTransaction: UInt64 = 0
    private let configuration: PresenceConfiguration

    init(seed: UInt64 = 1, _ change: (inout PresenceConfiguration) -> Void = { _ in }) {
        var configuration = PresenceConfiguration(nodeID: Self.nodeID, domains: ["example.org"], strangers: .allow)
        configuration.restoredPause = .zero
        change(&configuration)
        self.configuration = configuration
        self.seed = seed
        agent = PresenceAgent(configuration: configuration, random: RandomSource(seed: seed))
    }

    @discardableResult
    mutating func handle(_ event: PresenceAgent.Event) -> [PresenceAgent.Action] {
        actions = []
        agent.handle(event, at: now, into: &actions)
        for action in actions {
            switch action {
            case .persist(let room, let key, let value): journal[room, default: [:]][key] = value
            case .forget(let room, let key): journal[room]?[key] = nil
            default: break
            }
        }
        return actions
    }

    @discardableResult
    mutating func advance(_ interval: Interval) -> [PresenceAgent.Action] {
        let end = now + interval
        var all: [PresenceAgent.Action] = []
        while let deadline = agent.nextDeadline, deadline <= end {
            now = max(now, deadline)
            all += handle(.wake)
        }
        now = end
        all += handle(.wake)
        actions = all
        return all
    }

    /// A process that is killed and started again: only the journal is left, and what others tell first.
    mutating func restart(after first: [PresenceAgent.Event] = []) {
        seed += 1
        agent = PresenceAgent(configuration: configuration, random: RandomSource(seed: seed))
        for event in first { handle(event) }
        for room in PresenceRoom.allCases {
            // The journal's order is nobody's promise.
            for (key, value) in (journal[room] ?? [:]).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                handle(.restore(room, key: key, value: value))
            }
        }
    }

    /// The response that the last event led to.
    var response: SIPMessage? {
        for case .respond(_, let message) in actions { return message }
        return nil
    }

    /// The NOTIFYs that the last event led to.
    var sent: [Sent] {
        actions.compactMap { action in
            if case .sendRequest(let token, let message, let hop) = action {
                Sent(token: token, message: message, hop: hop)
            } else {
                nil
            }
        }
    }

    var observed: [PresenceObservation] {
        actions.compactMap { if case .observe(let observation) = $0 { observation } else { nil } }
    }

    mutating func request(
        _ text: String, flow: Flow = phone, as user: AddressOfRecord? = alice
    ) throws {
        nextTransaction += 1
        let message = try SIPMessage(parsing: Array(text.utf8))
        handle(.request(ServerTransactionID(nextTransaction), message, flow, authenticated: user))
    }

    /// Sends a PUBLISH for alice and gives the response's status.
    @discardableResult
    mutating func publish(
        _ inner: String? = nil, tag: String? = nil, expires: Int? = nil, extra: [String] = [], type: String? = nil,
        event: String? = "presence", uri: String = "sip:alice@example.org", flow: Flow = phone,
        as user: AddressOfRecord? = alice
    ) throws -> Int {
        var lines = extra
        if let event { lines.append("Event: \(event)") }
        if let tag { lines.append("SIP-If-Match: \(tag)") }
        if let expires { lines.append("Expires: \(expires)") }
        let body = inner.map { $0.hasPrefix("<?xml") || !$0.hasPrefix("<") ? $0 : PresenceFixtures.document($0) } ?? ""
        if !body.isEmpty { lines.append("Content-Type: \(type ?? "application/pidf+xml")") }
        try request(
            Self.text(
                "PUBLISH", uri, to: "<sip:alice@example.org>", from: "<sip:alice@example.org>;tag=p", lines, body),
            flow: flow, as: user)
        return response?.statusCode ?? 0
    }

    /// Sends a SUBSCRIBE of bob's to alice and gives the response's status.
    @discardableResult
    mutating func subscribe(
        call: String = "call", from: String = "w1", to: String? = nil, cseq: Int = 1, expires: Int? = nil,
        extra: [String] = [], event: String? = "presence", contact: String? = "<sip:bob@198.51.100.7:5062>",
        uri: String = "sip:alice@example.org", body: String = "", flow: Flow = phone, as user: AddressOfRecord? = bob
    ) throws -> Int {
        var lines = extra
        if let event { lines.append("Event: \(event)") }
        if let expires { lines.append("Expires: \(expires)") }
        if let contact { lines.append("Contact: \(contact)") }
        let toTag = to.map { ";tag=\($0)" } ?? ""
        try request(
            Self.text(
                "SUBSCRIBE", uri, to: "<sip:alice@example.org>\(toTag)",
                from: "\"Bob\" <sip:bob@example.org>;tag=\(from)",
                call: call, cseq: cseq, lines, body),
            flow: flow, as: user)
        return response?.statusCode ?? 0
    }

    /// Answers a NOTIFY.
    @discardableResult
    mutating func answer(_ sent: Sent, _ status: Int = 200, headers: [(HeaderName, String)] = []) -> [Sent] {
        handle(.response(sent.token, sent.message.response(status, headers: headers)))
        return self.sent
    }

    static func text(
        _ method: String, _ uri: String, to: String, from: String, call: String = "c1", cseq: Int = 1,
        _ lines: [String], _ body: String
    ) -> String {
        let head = [
            "\(method) \(uri) SIP/2.0", "Via: SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK\(call)\(cseq)",
            "Max-Forwards: 70", "To: \(to)", "From: \(from)", "Call-ID: \(call)", "CSeq: \(cseq) \(method)",
        ]
        return (head + lines + ["Content-Length: \(body.utf8.count)", "", ""]).joined(separator: "\r\n") + body
    }
}

/// What a presence document says in one line: the ids of its tuples with their basic status.
func summary(_ root: XMLElement?) -> String {
    (root?.all(PIDF.tuple) ?? []).map { tuple in
        let basic = tuple.first(PIDF.status)?.first(PIDF.basic)?.text ?? "-"
        return "\(tuple[attribute: XMLName("id")] ?? "")=\(basic)"
    }.joined(separator: " ")
}

/// A tuple for a publication.
func tuple(_ id: String, _ basic: String) -> String {
    "<tuple id='\(id)'><status><basic>\(basic)</basic></status></tuple>"
}
