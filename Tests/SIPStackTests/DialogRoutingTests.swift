import Primitives
import SIPMessages
import SIPStack
import Testing

/// Requests within dialogs that were set up through one or two servers.
@Suite struct DialogRoutingTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let bob = Peer("bob", "198.51.100.9:5060")
    private let bobAoR = "sip:bob@example.org"
    private let otherNode = NodeID(bits: Bits256(words: SIMD4(5, 6, 7, 8)))

    private func harness(_ phones: [Peer], node: NodeID = ServerHarness.node, seed: UInt64 = 1) -> ServerHarness {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], seed: seed, node: node)
        for phone in phones { harness.register(phone) }
        return harness
    }

    /// Sets a call up and returns both ends' dialogs and the message that reached alice.
    private func call(
        _ harness: inout ServerHarness, from caller: Peer, to callee: Peer
    ) throws -> (caller: Dialog, callee: Dialog, invite: SIPMessage) {
        let invite = harness.request(.invite, bobAoR, from: caller)
        harness.receive(invite, on: caller.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        let forwarded = try #require(harness.sent().first)
        let response = forwarded.message.response(200, toTag: "b", headers: [(.contact, callee.contact)])
        harness.receive(response, on: forwarded.flow)
        let answer = try #require(harness.sentMessages().first)
        return (
            try #require(Dialog(request: invite, response: answer)),
            try #require(Dialog(accepting: forwarded.message, localTag: "b")), invite
        )
    }

    private func withVia(_ request: SIPMessage, from peer: Peer, branch: String) -> SIPMessage {
        request.editing {
            $0.prepend(.via, "SIP/2.0/\(peer.transport.viaName) \(peer.endpoint);branch=z9hG4bK\(branch)")
        }
    }

    @Test func acknowledgementAndByeFollowTheRouteSet() throws {
        var harness = harness([alice, bob])
        var (caller, callee, _) = try call(&harness, from: alice, to: bob)
        harness.receive(withVia(caller.acknowledgement(of: 1), from: alice, branch: "ack"), on: alice.flow)
        let ack = try #require(harness.sent().first)
        #expect(ack.message.method == .ack && ack.flow.remote == .endpoint(bob.endpoint))
        #expect(ack.message.values(.route).isEmpty)
        #expect(try ack.message.vias.count == 2)
        harness.receive(withVia(callee.request(.bye), from: bob, branch: "bye"), on: bob.flow)
        let bye = try #require(harness.sent().first)
        #expect(bye.message.method == .bye && bye.flow.remote == .endpoint(alice.endpoint))
        harness.receive(bye.message.response(200), on: bye.flow)
        let callID = caller.id.callID
        #expect(
            harness.actions.observations == [
                .callEnded(
                    from: AddressOfRecord("alice@example.org"), to: AddressOfRecord("bob@example.org"), callID: callID)
            ])
        let answer = harness.sent()
        #expect(answer.map(\.message.statusCode) == [200])
        #expect(answer.first?.flow.remote == .endpoint(bob.endpoint))
        _ = caller.request(.bye)
    }

    @Test func callSetUpIsReportedOnce() throws {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        harness.receive(invite, on: alice.flow)
        harness.handle(.resolved(harness.actions.lookUps[0].0, []))
        let forwarded = try #require(harness.sent().first)
        var reports = 0
        for _ in 1...3 {
            harness.receive(
                forwarded.message.response(200, toTag: "b", headers: [(.contact, bob.contact)]), on: forwarded.flow)
            reports += harness.actions.observations.count
            harness.actions = []
        }
        #expect(reports == 1)
    }

    /// A phone behind NAT and one on TCP: their contacts' addresses lead nowhere, the sealed flows do.
    @Test func flowsOfTheDialogAreFoundAgain() throws {
        var inside = Peer("alice", "198.51.100.77:33333")
        var onTCP = Peer("bob", "198.51.100.78:44444", transport: .tcp, connection: 17)
        var harness = harness([])
        harness.receive(
            harness.request(
                .register, "sip:example.org", from: onTCP, to: "<sip:bob@example.org>",
                headers: [(.contact, "<sip:bob@10.0.0.5:5060;transport=tcp>")]), on: onTCP.flow)
        _ = harness.sent()
        let invite = harness.request(
            .invite, bobAoR, from: inside, headers: [(.contact, "<sip:alice@10.0.0.9:5060>")])
        harness.receive(invite, on: inside.flow)
        harness.handle(.resolved(harness.actions.lookUps[0].0, []))
        let forwarded = try #require(harness.sent().first)
        #expect(forwarded.flow == onTCP.flow)
        #expect(try forwarded.message.topVia.transportName == "TCP")
        #expect(try forwarded.message.recordRoutes.count == 2)
        let response = forwarded.message.response(
            200, toTag: "b", headers: [(.contact, "<sip:bob-other@10.0.0.5:5062;transport=tcp>")])
        harness.receive(response, on: onTCP.flow)
        let answer = try #require(harness.sentMessages().first)
        let caller = try #require(Dialog(request: invite, response: answer))
        var callee = try #require(Dialog(accepting: forwarded.message, localTag: "b"))
        harness.receive(withVia(caller.acknowledgement(of: 1), from: inside, branch: "a1"), on: inside.flow)
        #expect(harness.sent().map(\.flow) == [onTCP.flow])
        harness.receive(withVia(callee.request(.bye), from: onTCP, branch: "b1"), on: onTCP.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(inside.endpoint)])
        inside.user = ""
        onTCP.user = ""
    }

    @Test func aForgedRouteOpensNoRelay() {
        var harness = harness([bob])
        let stranger = Peer("eve", "203.0.113.5:5060")
        for route in ["<sip:192.0.2.1:5060;lr>", "<sip:aaaaaaaaaaaaa@192.0.2.1:5060;lr>"] {
            let bye = harness.request(
                .bye, "sip:victim@203.0.113.200", from: stranger, to: "<sip:bob@example.org>;tag=x",
                domain: "elsewhere.example", headers: [(.route, route)])
            harness.receive(bye, on: stranger.flow)
            #expect(harness.sentMessages().map(\.statusCode) == [403])
            let ack = withVia(
                .request(
                    .ack, uri: SIPURI("sip:victim@203.0.113.200")!,
                    headers: [
                        (.route, route), (.from, "<sip:eve@elsewhere.example>;tag=1"), (.to, "<sip:x@y>;tag=2"),
                        (.callID, "c"), (.cseq, "1 ACK"),
                    ]), from: stranger, branch: "forged")
            harness.receive(ack, on: stranger.flow)
            #expect(harness.sent().isEmpty)
        }
    }

    /// RFC 3261 §16.4: a strict router has put our Record-Route URI into the Request-URI.
    @Test func requestsOfStrictRoutersAreUnderstood() throws {
        var harness = harness([alice, bob])
        let (caller, _, _) = try call(&harness, from: alice, to: bob)
        let own = try #require(caller.routeSet.first)
        let strict = SIPMessage.request(
            .info, uri: own.uri,
            headers: [
                (.route, bob.contact), (.from, caller.local.description), (.to, caller.remote.description),
                (.callID, caller.id.callID), (.cseq, "2 INFO"),
            ])
        harness.receive(withVia(strict, from: alice, branch: "strict"), on: alice.flow)
        let forwarded = try #require(harness.sent().first)
        #expect(forwarded.message.requestURIText == "sip:bob@198.51.100.9:5060")
        #expect(!forwarded.message.contains(.route))
    }

    @Test func callAcrossTwoNodes() throws {
        var near = harness([alice])
        var far = harness([bob], node: otherNode, seed: 2)
        let invite = near.request(.invite, bobAoR, from: alice)
        near.receive(invite, on: alice.flow)
        near.handle(
            .resolved(
                near.actions.lookUps[0].0, [Target(requestURI: SIPURI(bobAoR)!, nextHop: .node(otherNode))]))
        let overlay = try #require(near.sent().first)
        #expect(overlay.flow.transport == .overlay && overlay.flow.remote == .node(otherNode))
        far.receive(overlay.message, on: .overlay(ServerHarness.node))
        #expect(far.actions.lookUps.isEmpty)
        let atBob = try #require(far.sent().first)
        #expect(atBob.flow.remote == .endpoint(bob.endpoint))
        #expect(try atBob.message.recordRoutes.count == 4)
        far.receive(atBob.message.response(200, toTag: "b", headers: [(.contact, bob.contact)]), on: atBob.flow)
        let back = try #require(far.sent().first)
        #expect(back.flow.remote == .node(ServerHarness.node))
        near.receive(back.message, on: .overlay(otherNode))
        let answer = try #require(near.sent().first)
        #expect(answer.flow.remote == .endpoint(alice.endpoint))
        var caller = try #require(Dialog(request: invite, response: answer.message))
        var callee = try #require(Dialog(accepting: atBob.message, localTag: "b"))

        near.receive(withVia(caller.acknowledgement(of: 1), from: alice, branch: "k"), on: alice.flow)
        let ack = try #require(near.sent().first)
        #expect(ack.flow.remote == .node(otherNode))
        far.receive(ack.message, on: .overlay(ServerHarness.node))
        #expect(far.sent().map(\.flow.remote) == [.endpoint(bob.endpoint)])

        far.receive(withVia(callee.request(.bye), from: bob, branch: "y"), on: bob.flow)
        let bye = try #require(far.sent().first)
        #expect(bye.flow.remote == .node(ServerHarness.node))
        near.receive(bye.message, on: .overlay(otherNode))
        let atAlice = try #require(near.sent().first)
        #expect(atAlice.message.method == .bye && atAlice.flow.remote == .endpoint(alice.endpoint))
        #expect(atAlice.message.values(.route).isEmpty)

        near.receive(withVia(caller.request(.info), from: alice, branch: "i"), on: alice.flow)
        let info = try #require(near.sent().first)
        far.receive(info.message, on: .overlay(ServerHarness.node))
        #expect(far.sent().map(\.flow.remote) == [.endpoint(bob.endpoint)])
    }

    @Test func nodesMayNotRelayThroughThisOne() {
        var harness = harness([])
        let message = harness.request(.message, "sip:x@203.0.113.9", from: alice)
        harness.receive(message, on: .overlay(otherNode))
        #expect(harness.sentMessages().map(\.statusCode) == [403])
        let unknown = harness.request(.message, bobAoR, from: alice)
        harness.receive(unknown, on: .overlay(otherNode))
        #expect(harness.sentMessages().map(\.statusCode) == [430])
    }

    /// An outsider's call to bob, as far as the ringing: what the outsider gets to know of our Route values, for its
    /// side of the dialog.
    private func routes(
        _ harness: inout ServerHarness, from outsider: Peer, callID: String
    ) throws -> [(HeaderName, String)] {
        let invite = harness.request(
            .invite, bobAoR, from: outsider, callID: callID, domain: "elsewhere.example")
        harness.receive(invite, on: outsider.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        let forwarded = try #require(harness.sent().first)
        let ringing = forwarded.message.response(180, toTag: "b", headers: [(.contact, bob.contact)])
        harness.receive(ringing, on: forwarded.flow)
        let answer = try #require(harness.sentMessages().first)
        return try answer.recordRoutes.reversed().map { (.route, $0.description) }
    }

    /// A Route value of ours proves that a dialog came by here. It doesn't say who sends, nor opens it other ways.
    @Test(arguments: [";tag=b", ""]) func aRouteOfOursMakesNobodyAUserOfOurs(tag: String) throws {
        var harness = harness([alice, bob])
        let mallory = Peer("mallory", "203.0.113.5:5060")
        let routes = try routes(&harness, from: mallory, callID: "X")
        let forged = harness.request(
            .message, "sip:alice@198.51.100.7:5060", from: mallory, to: "<sip:alice@example.org>\(tag)", callID: "X",
            headers: routes + [(.from, "<sip:bob@example.org>;tag=1")])
        harness.receive(forged, on: mallory.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
    }

    @Test func aRouteOfOursLeadsOnlyToTheEndsOfItsDialog() throws {
        var harness = harness([bob])
        let mallory = Peer("mallory", "203.0.113.5:5060")
        let routes = try routes(&harness, from: mallory, callID: "X")
        let victim = "sip:x@203.0.113.200"
        for (to, uri, more) in [
            ("<\(bobAoR)>;tag=b", victim, []), ("<\(bobAoR)>", victim, []),
            ("<\(bobAoR)>;tag=b", bob.contact, [(HeaderName.route, "<sip:203.0.113.200;lr>")]),
            ("<\(bobAoR)>;tag=b", bob.contact, [(.route, "<\(OverlayHost.uri(of: otherNode))>")]),
        ] {
            let uri = uri.filter { $0 != "<" && $0 != ">" }
            for source in [mallory.flow, .overlay(otherNode)] {
                let message = harness.request(
                    .message, uri, from: mallory, to: to, callID: "X", domain: "elsewhere.example",
                    headers: routes + more)
                harness.receive(message, on: source)
                #expect(harness.sentMessages().map(\.statusCode) == [403])
                let ack = harness.request(
                    .ack, uri, from: mallory, to: to, callID: "X", domain: "elsewhere.example",
                    headers: routes + more)
                harness.receive(ack, on: source)
                #expect(harness.sent().isEmpty)
            }
        }
    }

    /// ACK and BYE of a caller of another domain, who has no password here, and the BYE of the user called.
    @Test func dialogsWithOutsidersWorkInBothDirections() throws {
        // Nobody is trusted; bob's registration stands for his password.
        let secret = [UInt8](repeating: 7, count: 32)
        var harness = ServerHarness(secret: secret)
        let stored = Binding(
            aor: AddressOfRecord("bob@example.org")!, contact: SIPURI("sip:bob@198.51.100.9:5060")!,
            flow: bob.flow, callID: "r", cseq: 1, expires: harness.now + .seconds(3_600))
        harness.handle(.restoreBinding(stored.encode()))
        let outsider = Peer("carol", "203.0.113.5:5060")
        let invite = harness.request(.invite, bobAoR, from: outsider, domain: "elsewhere.example")
        harness.receive(invite, on: outsider.flow)
        for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
        let forwarded = try #require(harness.sent().first)
        let response = forwarded.message.response(200, toTag: "b", headers: [(.contact, bob.contact)])
        harness.receive(response, on: forwarded.flow)
        let answer = try #require(harness.sentMessages().first)
        var caller = try #require(Dialog(request: invite, response: answer))
        var callee = try #require(Dialog(accepting: forwarded.message, localTag: "b"))
        harness.receive(withVia(caller.acknowledgement(of: 1), from: outsider, branch: "k"), on: outsider.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(bob.endpoint)])
        // The server is started anew in the middle of the call.
        harness = ServerHarness(seed: 5, secret: secret)
        harness.handle(.restoreBinding(stored.encode()))
        harness.actions = []
        harness.receive(withVia(caller.acknowledgement(of: 1), from: outsider, branch: "l"), on: outsider.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(bob.endpoint)])
        harness.receive(withVia(caller.request(.info), from: outsider, branch: "i"), on: outsider.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(bob.endpoint)])
        harness.receive(withVia(callee.request(.bye), from: bob, branch: "y"), on: bob.flow)
        #expect(harness.sent().map(\.flow.remote) == [.endpoint(outsider.endpoint)])
        // From anywhere else bob has to prove who he is.
        let elsewhere = Peer("bob", "198.51.100.10:5060")
        harness.receive(withVia(callee.request(.bye), from: elsewhere, branch: "z"), on: elsewhere.flow)
        #expect(harness.sentMessages().map(\.statusCode) == [407])
    }

    /// A caller of another domain behind NAT, and bob on a connection of his own to another node; nobody is trusted.
    @Test func dialogsWithOutsidersCrossNodes() throws {
        let outsider = Peer("carol", "203.0.113.5:33333")
        let onTCP = Peer("bob", "198.51.100.78:44444", transport: .tcp, connection: 17)
        var near = ServerHarness()
        var far = ServerHarness(node: otherNode)
        far.addUser("bob", password: "secret")
        var digest = DigestClient(user: "bob", password: "secret", random: RandomSource(seed: 9))
        for status in [401, 200] {
            let register = far.request(
                .register, "sip:example.org", from: onTCP, to: "<sip:bob@example.org>",
                headers: [(.contact, "<sip:bob@10.0.0.5:5060;transport=tcp>")])
            far.receive(digest.authorized(register), on: onTCP.flow)
            let response = try #require(far.sentMessages().last)
            #expect(response.statusCode == status)
            _ = digest.learn(from: response)
        }
        let invite = near.request(
            .invite, bobAoR, from: outsider, domain: "elsewhere.example",
            headers: [(.contact, "<sip:carol@10.0.0.9:5060>")])
        near.receive(invite, on: outsider.flow)
        near.handle(
            .resolved(near.actions.lookUps[0].0, [Target(requestURI: SIPURI(bobAoR)!, nextHop: .node(otherNode))]))
        far.receive(try #require(near.sent().first).message, on: .overlay(ServerHarness.node))
        let atBob = try #require(far.sent().first)
        #expect(atBob.flow == onTCP.flow)
        let response = atBob.message.response(
            200, toTag: "b", headers: [(.contact, "<sip:bob-other@10.0.0.5:5062;transport=tcp>")])
        far.receive(response, on: onTCP.flow)
        near.receive(try #require(far.sent().first).message, on: .overlay(otherNode))
        let answer = try #require(near.sentMessages().first)
        var caller = try #require(Dialog(request: invite, response: answer))
        var callee = try #require(Dialog(accepting: atBob.message, localTag: "b"))
        for request in [caller.acknowledgement(of: 1), caller.request(.info)] {
            near.receive(withVia(request, from: outsider, branch: "n\(request.bytes.count)"), on: outsider.flow)
            let between = try #require(near.sent().first)
            #expect(between.flow.remote == .node(otherNode))
            far.receive(between.message, on: .overlay(ServerHarness.node))
            #expect(far.sent().map(\.flow) == [onTCP.flow])
        }
        far.receive(withVia(callee.request(.bye), from: onTCP, branch: "y"), on: onTCP.flow)
        let bye = try #require(far.sent().first)
        #expect(bye.flow.remote == .node(ServerHarness.node))
        near.receive(bye.message, on: .overlay(otherNode))
        #expect(near.sent().map(\.flow.remote) == [.endpoint(outsider.endpoint)])
    }
}
