import Primitives
import SIPMessages
import SIPStack
import Testing

/// Requests to devices that have several flows (RFC 5626 §7).
@Suite struct DeviceForkingTests {
    private static let aor = AddressOfRecord(user: "alice", host: "example.org")!
    private let caller = Peer("carol", "203.0.113.50:5060")
    private var harness = ServerHarness(trusted: ["198.51.100.0/24", "203.0.113.0/24"])

    private func node(_ number: UInt64) -> NodeID { NodeID(bits: Bits256(words: SIMD4(number, 9, 9, 9))) }

    private mutating func register(_ peer: Peer, device: String, flow: Int?, contact: String = "10.0.0.1:5060") {
        harness.register(
            peer,
            headers: [
                (
                    .contact,
                    "<sip:alice@\(contact)>;+sip.instance=\"<urn:uuid:\(device)>\"\(flow.map { ";reg-id=\($0)" } ?? "")"
                )
            ])
        harness.advance(.seconds(1))
    }

    /// A request to alice, and where it goes.
    private mutating func send(
        _ method: SIPMethod = .options, resolvingTo targets: [Target] = []
    ) -> [(message: SIPMessage, flow: Flow)] {
        harness.receive(harness.request(method, "sip:alice@example.org", from: caller), on: caller.flow)
        return resolve(targets)
    }

    private mutating func resolve(_ targets: [Target]) -> [(message: SIPMessage, flow: Flow)] {
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, targets)) }
        return harness.sent().filter { $0.message.isRequest }
    }

    private mutating func answer(_ request: (message: SIPMessage, flow: Flow), _ status: Int)
        -> [(message: SIPMessage, flow: Flow)]
    {
        harness.receive(request.message.response(status, toTag: "x"), on: request.flow)
        return harness.sent()
    }

    @Test(arguments: [SIPMethod.options, .invite]) mutating func oneFlowOfADeviceAtATime(method: SIPMethod) throws {
        let first = Peer("alice", "198.51.100.7:40000", transport: .tcp, connection: 1)
        let second = Peer("alice", "198.51.100.7:40001", transport: .tcp, connection: 2)
        register(first, device: "1", flow: 1)
        register(second, device: "1", flow: 2)
        // The one that was refreshed last.
        let sent = send(method)
        #expect(sent.map(\.flow) == [second.flow])
        harness.handle(.transport(.closed(second.flow)))
        let again = harness.sent().filter { $0.message.isRequest }
        #expect(again.map(\.flow) == [first.flow])
        harness.handle(.transport(.closed(first.flow)))
        #expect(harness.sent().last { !$0.message.isRequest }?.message.statusCode == 480)
    }

    @Test(arguments: [(408, true), (430, true), (486, false), (503, false), (603, false)])
    mutating func onlyAFailedFlowIsReplaced(status: Int, isReplaced: Bool) throws {
        let first = Peer("alice", "198.51.100.7:5060")
        let second = Peer("alice", "198.51.100.8:5060")
        register(first, device: "1", flow: 1)
        register(second, device: "1", flow: 2)
        let sent = send()
        #expect(sent.map(\.flow.remote) == [second.flow.remote])
        let then = answer(try #require(sent.first), status)
        #expect(then.contains { $0.flow.remote == first.flow.remote } == isReplaced)
        // The caller is answered at once when the device has.
        #expect(then.contains { !$0.message.isRequest } == !isReplaced)
    }

    @Test mutating func noUserAgentIsToldOfFlows() throws {
        register(Peer("alice", "198.51.100.7:5060"), device: "1", flow: 1)
        let sent = send()
        let answers = answer(try #require(sent.first), 430)
        #expect(answers.map(\.message.statusCode) == [480])
        // Another node has chosen this flow, and may know of another.
        let fromNode = harness.request(.options, "sip:alice@example.org", from: caller)
        harness.receive(fromNode, on: .overlay(node(5)))
        let second = try #require(harness.sent().first)
        #expect(answer(second, 430).map(\.message.statusCode) == [430])
    }

    /// Two homes, the same private address: two devices all the same.
    @Test mutating func devicesBehindTheirNATsAreApart() throws {
        let home = Peer("alice", "198.51.100.7:7000")
        let office = Peer("alice", "198.51.100.8:8000")
        register(home, device: "1", flow: nil)
        register(office, device: "2", flow: nil)
        #expect(Set(send().map(\.flow.remote)) == [home.flow.remote, office.flow.remote])
        // Within a dialog, the one that it was set up with.
        let sent = send(.invite)
        for (phone, other) in [(home, office), (office, home)] {
            let invite = try #require(sent.first { $0.flow.remote == phone.flow.remote }).message
            let contact = try #require(SIPURI("sip:alice@10.0.0.1:5060"))
            // RFC 3261 §12.1.2: the caller has them the other way round.
            let route = try invite.recordRoutes.reversed().map(\.description)
            harness.receive(
                harness.request(
                    .info, contact.description, from: caller, to: "<sip:alice@example.org>;tag=a",
                    callID: try invite.callID, cseq: 2, headers: route.map { (.route, $0) }), on: caller.flow)
            let info = harness.sent().filter { $0.message.method == .info }
            #expect(info.map(\.flow.remote) == [phone.flow.remote], "not \(other.endpoint)")
        }
    }

    /// A device with a flow to each of two gateways.
    @Test mutating func otherNodesAreSparesToo() throws {
        let targets = [node(1), node(2)].map {
            Target(
                requestURI: SIPURI(Self.aor), nextHop: .node($0), devices: ["<urn:uuid:1>"])
        }
        let sent = send(resolvingTo: targets)
        #expect(sent.map(\.flow.remote) == [.node(node(1))])
        let again = answer(try #require(sent.first), 430)
        #expect(again.map(\.flow.remote) == [.node(node(2))])
        #expect(answer(try #require(again.first), 430).map(\.message.statusCode) == [480])
    }

    /// What a node has besides is asked for by its GRUU, so that the device it shares is not called twice.
    @Test mutating func aNodeIsAskedForItsOtherDevices() throws {
        let targets = [
            Target(requestURI: SIPURI(Self.aor), nextHop: .node(node(1)), devices: ["<urn:uuid:1>"]),
            Target(
                requestURI: SIPURI(Self.aor), nextHop: .node(node(2)), devices: ["<urn:uuid:1>", "<urn:uuid:2>"]),
            Target(
                requestURI: SIPURI(Self.aor), nextHop: .node(node(3)), devices: ["<urn:uuid:1>"],
                hasUnnamedDevices: true),
        ]
        let sent = send(.invite, resolvingTo: targets)
        #expect(sent.map(\.flow.remote) == [.node(node(1)), .node(node(2)), .node(node(3))])
        #expect(
            sent.map(\.message.requestURI?.description) == [
                "sip:alice@example.org", "sip:alice@example.org;gr=urn:uuid:2", "sip:alice@example.org",
            ])
    }

    /// RFC 5626 §4.3: `ob` asks for the flow even where the contact's address would do.
    @Test mutating func aContactWithOBIsReachedByItsFlow() throws {
        let phone = Peer("alice", "198.51.100.7:5060")
        register(phone, device: "1", flow: 1, contact: "198.51.100.7:5060")
        for (contact, isKept) in [("<sip:carol@203.0.113.50:5060>", false), ("<sip:carol@203.0.113.50:5060;ob>", true)]
        {
            harness.receive(
                harness.request(.invite, "sip:alice@example.org", from: caller, headers: [(.contact, contact)]),
                on: caller.flow)
            let invite = try #require(resolve([]).first).message
            let token = try #require(try invite.recordRoutes.last?.uri.user)
            // Two marks and the seal, and the flow where there is one.
            #expect((token.utf8.count > 40) == isKept)
        }
    }
}
