import Primitives
import SIPMessages
import SIPStack
import UserAgent

/// One user agent whose only peer is the test.
struct TestAgent {
    static let own = Endpoint("192.0.2.1:40001")!
    static let server = Endpoint("192.0.2.9:5060")!
    static let flow = Flow(transport: .udp, local: own, remote: .endpoint(server))

    var now = Instant(secondsSince1970: 1_900_000_000)
    private(set) var agent: UserAgent
    private(set) var reports: [String] = []
    /// What has been sent and not been looked at.
    private var sent: [SIPMessage] = []

    init(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) {
        var configuration = UserAgentConfiguration(
            account: AddressOfRecord("alice@example.org")!, password: "secret",
            outboundProxy: OutboundProxy(.udp, Self.server), listeners: [SIPListener(.udp, Self.own)],
            media: Endpoint("192.0.2.1:4000")!)
        change(&configuration)
        agent = UserAgent(configuration: configuration, random: RandomSource(seed: 1))
    }

    mutating func tell(_ event: UserAgent.Event) {
        var actions: [UserAgent.Action] = []
        agent.handle(event, at: now, into: &actions)
        for action in actions {
            if case .transport(.transmit(let bytes, _)) = action {
                if let message = try? SIPMessage(parsing: bytes) { sent.append(message) }
            } else {
                reports.append(TestNetwork.words(action))
            }
        }
    }

    mutating func receive(_ message: SIPMessage) { tell(.transport(.received(message.bytes, on: Self.flow))) }

    mutating func receive(_ text: String) {
        tell(.transport(.received(Array(text.replacing("\n", with: "\r\n").utf8), on: Self.flow)))
    }

    /// Lets time pass, waking the agent whenever it wants.
    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let next = agent.nextDeadline, next <= end {
            now = max(now, next)
            tell(.wake)
        }
        now = end
    }

    /// The oldest message that was sent and not taken yet.
    mutating func next() -> SIPMessage? { sent.isEmpty ? nil : sent.removeFirst() }

    /// There was no message to take.
    struct NothingSent: Error {}

    mutating func take() throws -> SIPMessage {
        guard let message = next() else { throw NothingSent() }
        return message
    }

    /// The newest message that was sent; those before it are dropped.
    mutating func last() throws -> SIPMessage {
        guard let message = all().last else { throw NothingSent() }
        return message
    }

    /// All that were sent and not taken yet.
    mutating func all() -> [SIPMessage] {
        defer { sent = [] }
        return sent
    }

    /// A challenge of the server.
    static func challenge(_ request: SIPMessage, _ status: Int, nonce: String, stale: Bool = false) -> SIPMessage {
        let value =
            "Digest realm=\"example.org\", nonce=\"\(nonce)\", algorithm=SHA-256, qop=\"auth\""
            + (stale ? ", stale=true" : "")
        return request.response(
            status, toTag: "challenge", headers: [(status == 401 ? .wwwAuthenticate : .proxyAuthenticate, value)])
    }

    /// A request from outside, as a proxy would pass it on.
    static func request(
        _ method: String, uri: String = "sip:alice@192.0.2.1:40001", to: String = "<sip:alice@example.org>",
        callID: String = "call", sequence: Int = 1, branch: String = "z9hG4bKone", more: String = "", body: String = ""
    ) -> String {
        """
        \(method) \(uri) SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.9:5060;branch=\(branch)
        Max-Forwards: 70
        From: <sip:bob@example.org>;tag=bobs
        To: \(to)
        Call-ID: \(callID)
        CSeq: \(sequence) \(method)
        Contact: <sip:bob@192.0.2.9:5060>
        \(more)Content-Length: \(body.replacing("\n", with: "\r\n").utf8.count)

        \(body)
        """
    }
}
