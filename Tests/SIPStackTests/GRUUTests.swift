import Primitives
import SIPMessages
import SIPStack
import Testing

/// GRUUs given out and called (RFC 5627).
@Suite struct GRUUTests {
    private static let aor = AddressOfRecord(user: "alice", host: "example.org")!
    private static let secret = [UInt8](repeating: 7, count: 32)
    private let desk = Peer("alice", "198.51.100.7:5060")
    private let mobile = Peer("alice", "198.51.100.8:5060")
    private let caller = Peer("carol", "203.0.113.50:5060")
    private let otherNode = NodeID(bits: Bits256(words: SIMD4(9, 9, 9, 9)))
    private var harness = ServerHarness(trusted: ["198.51.100.0/24", "203.0.113.0/24"], secret: GRUUTests.secret)

    /// Registers a device and gives the GRUUs of its contact in the answer.
    private mutating func register(
        _ peer: Peer, device: String, callID: String = "c", cseq: Int = 1, expires: Int = 3_600,
        supported: String = "gruu"
    ) throws -> (publicURI: String?, temporary: String?) {
        let request = harness.request(
            .register, "sip:example.org", from: peer, to: "<sip:alice@example.org>", callID: callID, cseq: cseq,
            headers: [
                (.contact, "<sip:alice@\(peer.endpoint)>;+sip.instance=\"<urn:uuid:\(device)>\";temp-gruu=\"sip:x\""),
                (.supported, supported), (.expires, "\(expires)"),
            ])
        harness.receive(request, on: peer.flow)
        let response = try #require(harness.sentMessages().last)
        #expect(response.statusCode == 200)
        let own = try response.contacts.first { $0.instance == "urn:uuid:\(device)" }
        return (own?.address.parameters["pub-gruu"], own?.address.parameters["temp-gruu"])
    }

    private mutating func call(_ uri: String?, _ method: SIPMethod = .message, on flow: Flow? = nil) throws -> [(
        message: SIPMessage, flow: Flow
    )] {
        let request = harness.request(method, try #require(uri), from: caller)
        harness.actions = []
        harness.receive(request, on: flow ?? caller.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        return harness.sent().filter { $0.message.statusCode != 100 }
    }

    @Test mutating func aDeviceGetsBoth() throws {
        #expect(try register(desk, device: "1", supported: "path").publicURI == nil)
        let first = try register(desk, device: "1", cseq: 2)
        #expect(first.publicURI == "sip:alice@example.org;gr=urn:uuid:1")
        let temporary = try #require(first.temporary.flatMap { SIPURI($0) })
        #expect(temporary.parameter("gr") == "" && temporary.host == "example.org")
        #expect(temporary.user?.hasPrefix("tgruu.\(ServerHarness.node.text).") == true)
        let second = try register(desk, device: "1", cseq: 3)
        #expect(second.publicURI == first.publicURI)
        // RFC 5627 §5.1: nothing in two of them tells that they are of one device.
        let tails = [first, second].compactMap { $0.temporary?.split(separator: ".")[2].prefix { $0 != "@" } }
        #expect(tails.count == 2 && tails[0].prefix(20) != tails[1].prefix(20) && tails[0].count == tails[1].count)
        #expect(
            harness.server.bindings(of: Self.aor, at: harness.now).allSatisfy { !$0.parameters.contains("temp-gruu") })
    }

    @Test mutating func aPublicOneLeadsToItsDevice() throws {
        let gruu = try register(desk, device: "AB").publicURI
        _ = try register(mobile, device: "2", callID: "d")
        let sent = try call(gruu)
        #expect(sent.map(\.flow.remote) == [desk.flow.remote])
        #expect(sent.first?.message.requestURI?.description == "sip:alice@198.51.100.7:5060")
        let upper = try call("sip:alice@example.org;gr=urn:uuid:ab")
        #expect(upper.map(\.flow.remote) == [desk.flow.remote])
    }

    @Test mutating func unknownDevicesAreAwayAndUnknownUsersNone() throws {
        harness.addUser("alice", password: "p")
        #expect(try call("sip:alice@example.org;gr=urn:uuid:9").map(\.message.statusCode) == [480])
        #expect(try call("sip:nobody@example.org;gr=urn:uuid:9").map(\.message.statusCode) == [404])
        #expect(try call("sip:alice@example.org;gr").map(\.message.statusCode) == [404])
        // RFC 5627 §5.3: a public one stays valid when the device has gone.
        let gruu = try register(desk, device: "1").publicURI
        _ = try register(desk, device: "1", cseq: 2, expires: 0)
        #expect(try call(gruu).map(\.message.statusCode) == [480])
    }

    @Test mutating func aTemporaryOneIsGoodWhileTheDeviceIsRegistered() throws {
        let first = try register(desk, device: "1").temporary
        _ = try register(mobile, device: "2", callID: "d")
        let second = try register(desk, device: "1", cseq: 2).temporary
        for gruu in [first, second] { #expect(try call(gruu).map(\.flow.remote) == [desk.flow.remote]) }
        // RFC 5627 §5.1: another Call-ID comes from a device that has restarted.
        let third = try register(desk, device: "1", callID: "new").temporary
        for gruu in [first, second] { #expect(try call(gruu).map(\.message.statusCode) == [404]) }
        #expect(try call(third).map(\.flow.remote) == [desk.flow.remote])
        harness.advance(.seconds(4_000))
        #expect(try call(third).map(\.message.statusCode) == [404])
        // Back with the same Call-ID it is not the same registration.
        _ = try register(desk, device: "1", callID: "new", cseq: 9)
        #expect(try call(third).map(\.message.statusCode) == [404])
    }

    @Test mutating func allFlowsOfADeviceShareItsTemporaryOnes() throws {
        func contact(_ flow: Int, expires: Int = 3_600) -> [(HeaderName, String)] {
            [
                (.contact, "<sip:alice@10.0.0.1>;+sip.instance=\"<urn:uuid:1>\";reg-id=\(flow);expires=\(expires)"),
                (.supported, "gruu, outbound"),
            ]
        }
        var gruu: String?
        for (index, peer) in [desk, mobile].enumerated() {
            let request = harness.request(
                .register, "sip:example.org", from: peer, to: "<sip:alice@example.org>", callID: "call\(index)",
                headers: contact(index + 1))
            harness.receive(request, on: peer.flow)
            if index == 0 { gruu = try harness.sentMessages().last?.contacts.first?.address.parameters["temp-gruu"] }
            harness.advance(.seconds(1))
        }
        #expect(try call(gruu).map(\.flow.remote) == [mobile.flow.remote])
        let removal = harness.request(
            .register, "sip:example.org", from: desk, to: "<sip:alice@example.org>", callID: "call0", cseq: 2,
            headers: contact(1, expires: 0))
        harness.receive(removal, on: desk.flow)
        #expect(try call(gruu).map(\.flow.remote).last == mobile.flow.remote)
    }

    @Test mutating func nobodyMakesOneUp() throws {
        let good = try #require(try register(desk, device: "1").temporary)
        let at = try #require(good.firstIndex(of: "@"))
        for offset in [1, 10, 30, 60] {
            var bad = good
            let place = bad.index(at, offsetBy: -offset)
            bad.replaceSubrange(place...place, with: bad[place] == "a" ? "b" : "a")
            #expect(try call(bad).map(\.message.statusCode) == [404], "\(offset)")
        }
        for bad in ["tgruu.", "tgruu.x.y", "tgruu.\(ServerHarness.node.text).", "tgruu.\(ServerHarness.node.text).aa"] {
            #expect(try call("sip:\(bad)@example.org;gr").map(\.message.statusCode) == [404], "\(bad)")
        }
    }

    @Test mutating func temporaryOnesOutliveTheProcess() throws {
        let request = harness.request(
            .register, "sip:example.org", from: desk, to: "<sip:alice@example.org>",
            headers: [(.contact, "\(desk.contact);+sip.instance=\"<urn:uuid:1>\""), (.supported, "gruu")],
            contact: false)
        harness.receive(request, on: desk.flow)
        let stored = harness.actions.compactMap { action -> [UInt8]? in
            if case .persistBinding(_, let bytes) = action { bytes } else { nil }
        }
        let gruu = try harness.sentMessages().last?.contacts.first?.address.parameters["temp-gruu"]
        harness = ServerHarness(trusted: ["203.0.113.0/24"], seed: 99, secret: Self.secret)
        for bytes in stored { harness.handle(.restoreBinding(bytes)) }
        #expect(try call(gruu).map(\.flow.remote) == [desk.flow.remote])
    }

    @Test mutating func anotherNodesAreForIt() throws {
        let gruu = try #require(try register(desk, device: "1").temporary)
        var far = ServerHarness(trusted: ["203.0.113.0/24"], node: otherNode, secret: [UInt8](repeating: 8, count: 32))
        far.receive(far.request(.message, gruu, from: caller), on: caller.flow)
        #expect(far.actions.lookUps.isEmpty)
        let onward = try #require(far.sent().first)
        #expect(onward.flow.remote == .node(ServerHarness.node))
        #expect(onward.message.requestURI?.description == gruu)
        harness.receive(onward.message, on: .overlay(otherNode))
        #expect(harness.sent().map(\.flow.remote) == [desk.flow.remote])
        // It goes no further than to the node that it names.
        far.receive(far.request(.message, gruu, from: caller), on: .overlay(ServerHarness.node))
        #expect(far.sentMessages().map(\.statusCode) == [404])
    }

    /// A public one is looked for where the network says that the device is, and asked for as it is.
    @Test mutating func otherNodesAreAskedForTheDevice() throws {
        harness.receive(
            harness.request(.message, "sip:alice@example.org;gr=urn:uuid:2", from: caller), on: caller.flow)
        let lookUp = try #require(harness.actions.lookUps.first)
        #expect(lookUp.1 == Self.aor)
        let nodes = (1...2).map { NodeID(bits: Bits256(words: SIMD4($0, 9, 9, 9))) }
        harness.handle(
            .resolved(
                lookUp.0,
                [
                    Target(requestURI: SIPURI(Self.aor), nextHop: .node(nodes[0]), devices: ["<urn:uuid:1>"]),
                    Target(
                        requestURI: SIPURI(Self.aor), nextHop: .node(nodes[1]),
                        devices: ["<urn:uuid:1>", "<urn:uuid:2>"], hasUnnamedDevices: true),
                ]))
        let sent = harness.sent()
        #expect(sent.map(\.flow.remote) == [.node(nodes[1])])
        #expect(sent.first?.message.requestURI?.description == "sip:alice@example.org;gr=urn:uuid:2")
    }

    @Test mutating func aContactMustNotLeadBack() throws {
        for contact in ["sip:alice@example.org", "sip:alice@example.org;gr=urn:uuid:1", "sip:tgruu.x@example.org;gr"] {
            let request = harness.request(
                .register, "sip:example.org", from: desk, to: "<sip:alice@example.org>",
                headers: [(.contact, "<\(contact)>;+sip.instance=\"<urn:uuid:1>\"")])
            harness.receive(request, on: desk.flow)
            #expect(harness.sentMessages().last?.statusCode == 403)
        }
    }

    /// A callee whose contact is its GRUU: the caller's ACK and BYE find it, by our Route.
    @Test mutating func dialogsGoOnAtAGRUU() throws {
        let gruu = try #require(try register(desk, device: "1").publicURI)
        let invite = harness.request(.invite, "sip:alice@example.org", from: caller, callID: "dialog")
        harness.receive(invite, on: caller.flow)
        let atDesk = try #require(harness.sent().last)
        harness.receive(
            atDesk.message.response(200, toTag: "d", headers: [(.contact, "<\(gruu)>")]), on: atDesk.flow)
        let answer = try #require(harness.sent().last)
        var dialog = try #require(Dialog(request: invite, response: answer.message))
        for request in [dialog.acknowledgement(of: 1), dialog.request(.bye)] {
            let whole = request.editing { edit in
                edit.prepend(.via, "SIP/2.0/UDP \(caller.endpoint);branch=z9hG4bKg\(request.method!)")
            }
            harness.receive(whole, on: caller.flow)
            let arrived = harness.sent().filter { $0.message.isRequest }
            #expect(arrived.map(\.flow.remote) == [desk.flow.remote])
            #expect(arrived.first?.message.requestURI?.description == "sip:alice@198.51.100.7:5060")
        }
    }
}
