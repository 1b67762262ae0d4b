import Benchmark
import Presence
import Primitives
import SIPMessages
import SIPStack

/// What a change of presence costs the agent: the PUBLISH itself, and a NOTIFY with its answer for each watcher.
@MainActor let presenceBenchmarks = BenchmarkSuite(name: "presence") { suite in
    for watchers in [0, 1, 100] {
        let scene = PresenceScene(watchers: watchers)
        suite.benchmark("PUBLISH to \(watchers) watchers") { scene.change() }
    }
    let scene = PresenceScene(watchers: 0)
    suite.benchmark("SUBSCRIBE, NOTIFY and end") { scene.fetch() }
    let document = PresenceScene.document("open")
    suite.benchmark("parse a document") { keep(try PresenceDocument(parsing: document)) }
    if let parsed = try? PresenceDocument(parsing: document) {
        suite.benchmark("compose two documents") {
            keep(Composition.document(of: PresenceScene.alice, from: [parsed, parsed]))
        }
    }
}

/// An agent with one presentity, whose state changes with every call and all of whose watchers answer at once.
private final class PresenceScene {
    static let alice = AddressOfRecord("alice@example.org")!
    private static let flow = Flow(
        transport: .udp, local: Endpoint("192.0.2.1:5060")!, remote: .endpoint(Endpoint("198.51.100.7:5062")!))

    private var agent: PresenceAgent
    private var actions: [PresenceAgent.Action] = []
    private var now = Instant(secondsSince1970: 1_800_000_000)
    private var number: UInt64 = 0
    private var tag: String?

    init(watchers: Int) {
        let configuration = PresenceConfiguration(nodeID: NodeID(bits: Bits256(words: SIMD4(1, 2, 3, 4))))
        agent = PresenceAgent(configuration: configuration, random: RandomSource(seed: 1))
        change()
        for watcher in 0..<watchers { subscribe("w\(watcher)", expires: 3600) }
    }

    static func document(_ basic: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" \
            xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:alice@example.org">
            <tuple id="t4109"><status><basic>\(basic)</basic></status><contact>sip:alice@198.51.100.20</contact></tuple>
            <dm:person id="p4159"><rpid:activities><rpid:on-the-phone/></rpid:activities><dm:note>At my desk</dm:note>\
            </dm:person></presence>
            """.utf8)
    }

    /// One PUBLISH that changes the state.
    func change() {
        number += 1
        let condition = tag.map { ["SIP-If-Match: \($0)"] } ?? []
        send(
            "PUBLISH", from: "alice", tag: "p",
            ["Event: presence", "Expires: 3600", "Content-Type: application/pidf+xml"] + condition,
            Self.document(number % 2 == 0 ? "open" : "closed"))
        for case .respond(_, let response) in actions { tag = (try? response.sipETag).flatMap { $0 } }
        answer()
    }

    /// A SUBSCRIBE that gets the state once.
    func fetch() {
        number += 1
        subscribe("f\(number)", expires: 0)
    }

    private func subscribe(_ name: String, expires: Int) {
        number += 1
        send(
            "SUBSCRIBE", from: "bob", tag: name,
            ["Event: presence", "Expires: \(expires)", "Contact: <sip:bob@198.51.100.7:5062>"], [])
        answer()
    }

    private func send(_ method: String, from user: String, tag: String, _ lines: [String], _ body: [UInt8]) {
        let head = [
            "\(method) sip:alice@example.org SIP/2.0", "Via: SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK\(number)",
            "Max-Forwards: 70", "To: <sip:alice@example.org>", "From: <sip:\(user)@example.org>;tag=\(tag)",
            "Call-ID: call-\(tag)@198.51.100.7", "CSeq: \(number) \(method)",
        ]
        let text = (head + lines + ["Content-Length: \(body.count)", "", ""]).joined(separator: "\r\n")
        guard let message = try? SIPMessage(parsing: Array(text.utf8) + body) else { fatalError("malformed") }
        let event = PresenceAgent.Event.request(
            ServerTransactionID(number), message, Self.flow, authenticated: AddressOfRecord("\(user)@example.org"))
        actions.removeAll(keepingCapacity: true)
        now += .milliseconds(1)
        agent.handle(event, at: now, into: &actions)
    }

    private func answer() {
        var notifies: [(RequestToken, SIPMessage)] = []
        for case .sendRequest(let token, let notify, _) in actions { notifies.append((token, notify)) }
        for (token, notify) in notifies {
            agent.handle(.response(token, notify.response(200)), at: now, into: &actions)
        }
    }
}

/// Keeps the optimiser from dropping a result that nobody reads.
@inline(never) private func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }
