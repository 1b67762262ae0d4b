import Benchmark
import Primitives
import SIPMessages
import SIPStack

/// A server without sockets, and phones that hand it bytes and take bytes from it.
private struct ServedPhones {
    private var server: SIPServer
    private var actions: [SIPServerAction] = []
    private var client = DigestClient(user: "alice", password: "wonderland", random: RandomSource(seed: 2))
    private var now = Instant(secondsSince1970: 1_800_000_000)
    private var counter = 0
    private let alice = Self.flow("198.51.100.7:5060")
    private let bob = Self.flow("203.0.113.9:5060")

    private static func flow(_ remote: String) -> Flow {
        Flow(transport: .udp, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint(remote)!))
    }

    init() {
        server = SIPServer(
            configuration: SIPServerConfiguration(
                domains: ["example.org"], nodeID: NodeID(bits: Bits256(words: SIMD4(1, 2, 3, 4))),
                listeners: [SIPListener(.udp, Endpoint("192.0.2.1:5060")!)],
                trusted: [AddressPrefix("203.0.113.0/24")!]),
            random: RandomSource(seed: 1))
        let user = AddressOfRecord("alice@example.org")!
        let credentials = Credentials(user: "alice", realm: "example.org", password: "wonderland")
        server.handle(.setAccount(user, credentials), at: now, into: &actions)
        _ = receive(request("REGISTER", "sip:example.org", from: "bob", at: "203.0.113.9:5060"), on: bob)
    }

    /// A request as a phone sends it, with a branch of its own.
    private mutating func request(
        _ method: String, _ uri: String, from user: String, at address: String, to: String? = nil
    ) -> String {
        counter += 1
        return """
            \(method) \(uri) SIP/2.0\r
            Via: SIP/2.0/UDP \(address);branch=z9hG4bKbench\(counter);rport\r
            Max-Forwards: 70\r
            From: <sip:\(user)@example.org>;tag=\(user)\r
            To: \(to ?? "<sip:\(user)@example.org>")\r
            Call-ID: bench\(counter)@\(address)\r
            CSeq: \(counter) \(method)\r
            Contact: <sip:\(user)@\(address)>\r
            User-Agent: phone of a usual kind 1.2.3\r
            Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, NOTIFY\r
            Expires: 3600\r
            Content-Length: 0\r
            \r

            """
    }

    /// Gives the server a message and takes what it sends; time passes so that old transactions end.
    private mutating func receive(_ text: String, on flow: Flow) -> [SIPMessage] {
        receive(Array(text.utf8), on: flow)
    }

    private mutating func receive(_ bytes: [UInt8], on flow: Flow) -> [SIPMessage] {
        now += .milliseconds(5)
        actions.removeAll(keepingCapacity: true)
        server.handle(.transport(.received(bytes, on: flow)), at: now, into: &actions)
        for case .lookUp(let token, _) in actions {
            server.handle(.resolved(token, []), at: now, into: &actions)
        }
        return actions.compactMap { action in
            guard case .transport(.transmit(let bytes, _)) = action else { return nil }
            return try? SIPMessage(parsing: bytes)
        }
    }

    mutating func options() {
        let answers = receive(request("OPTIONS", "sip:example.org", from: "alice", at: "198.51.100.7:5060"), on: alice)
        precondition(answers.last?.statusCode == 200, "OPTIONS was refused")
    }

    /// REGISTER, 401, REGISTER with credentials, 200; the phone's own digest and parsing are part of the time.
    mutating func register() {
        let first = receive(request("REGISTER", "sip:example.org", from: "alice", at: "198.51.100.7:5060"), on: alice)
        guard let challenge = first.last, client.learn(from: challenge) else { preconditionFailure("no challenge") }
        let again = request("REGISTER", "sip:example.org", from: "alice", at: "198.51.100.7:5060")
        guard let message = try? SIPMessage(parsing: Array(again.utf8)) else { preconditionFailure("no message") }
        let answers = receive(client.authorized(message).bytes, on: alice)
        precondition(answers.last?.statusCode == 200, "REGISTER was refused")
        client = DigestClient(user: "alice", password: "wonderland", random: RandomSource(seed: 2))
    }

    mutating func message() {
        let text = request(
            "MESSAGE", "sip:bob@example.org", from: "carol", at: "203.0.113.8:5060", to: "<sip:bob@example.org>")
        let forwarded = receive(text, on: Self.flow("203.0.113.8:5060"))
        let answers = receive(forwarded[0].response(200, toTag: "b").bytes, on: bob)
        precondition(answers.last?.statusCode == 200, "MESSAGE was not answered")
    }

    /// INVITE, 180, 200, ACK, BYE, 200 through the proxy with Record-Route.
    mutating func call() {
        let carol = Self.flow("203.0.113.8:5060")
        let text = request(
            "INVITE", "sip:bob@example.org", from: "carol", at: "203.0.113.8:5060", to: "<sip:bob@example.org>")
        let invite = receive(text, on: carol)[0]
        let contact: [(HeaderName, String)] = [(.contact, "<sip:bob@203.0.113.9:5060>")]
        _ = receive(invite.response(180, toTag: "b", headers: contact).bytes, on: bob)
        let answer = receive(invite.response(200, toTag: "b", headers: contact).bytes, on: bob)[0]
        guard let sent = try? SIPMessage(parsing: Array(text.utf8)),
            var dialog = Dialog(request: sent, response: answer)
        else { preconditionFailure("no dialog") }
        counter += 1
        let via = "SIP/2.0/UDP 203.0.113.8:5060;branch=z9hG4bKack\(counter)"
        let acknowledgement = dialog.acknowledgement(of: 1).editing { $0.prepend(.via, via) }
        precondition(receive(acknowledgement.bytes, on: carol).count == 1, "ACK was not forwarded")
        let bye = dialog.request(.bye).editing { $0.prepend(.via, via + "b") }
        let forwarded = receive(bye.bytes, on: carol)[0]
        precondition(receive(forwarded.response(200).bytes, on: bob).last?.statusCode == 200, "BYE was not answered")
    }
}

/// What a registrar and proxy costs without sockets: the phones' part is in the times too.
@MainActor let registrarBenchmarks = BenchmarkSuite(name: "registrar") { suite in
    var phones = ServedPhones()
    suite.benchmark("OPTIONS") { phones.options() }
    suite.benchmark("REGISTER, 401, REGISTER, 200") { phones.register() }
    suite.benchmark("MESSAGE through the proxy") { phones.message() }
    suite.benchmark("INVITE to BYE through the proxy") { phones.call() }
}
