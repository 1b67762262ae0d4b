import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct ProxyTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let bob = Peer("bob", "198.51.100.9:5060")
    private let bobDesk = Peer("bob", "198.51.100.10:5060")
    private let bobAoR = "sip:bob@example.org"

    /// A server that trusts the phones' network, with bob registered at as many phones as given.
    private func harness(_ phones: [Peer]) -> ServerHarness {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.addUser("bob", password: "x")
        for phone in phones { harness.register(phone) }
        return harness
    }

    /// Sends a request from alice, answers the look-up with nothing, and returns what was forwarded.
    private func send(
        _ harness: inout ServerHarness, _ request: SIPMessage, from peer: Peer? = nil
    ) -> [(message: SIPMessage, flow: Flow)] {
        harness.receive(request, on: (peer ?? alice).flow)
        let lookUps = harness.actions.lookUps
        for (token, _) in lookUps { harness.handle(.resolved(token, [])) }
        for absence in harness.actions.absences {
            harness.handle(.respond(absence.id, absence.request.response(absence.status, toTag: "gone")))
        }
        return harness.sent()
    }

    private func reply(
        _ harness: inout ServerHarness, to forwarded: (message: SIPMessage, flow: Flow), _ status: Int, tag: String,
        headers: [(HeaderName, String)] = []
    ) -> [(message: SIPMessage, flow: Flow)] {
        var all = headers
        if status < 300 { all.append((.contact, "<sip:bob@\(endpoint(forwarded.flow))>")) }
        harness.receive(forwarded.message.response(status, toTag: tag, headers: all), on: forwarded.flow)
        return harness.sent()
    }

    private func endpoint(_ flow: Flow) -> Endpoint {
        guard case .endpoint(let endpoint) = flow.remote else { return Endpoint(address: .any, port: 0) }
        return endpoint
    }

    @Test func inviteIsForwardedAsSection16Point6Says() throws {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let forwarded = try #require(send(&harness, invite).first)
        #expect(forwarded.flow.remote == .endpoint(bob.endpoint))
        #expect(forwarded.message.requestURIText == "sip:bob@198.51.100.9:5060")
        #expect(try forwarded.message.maxForwards == 69)
        #expect(try forwarded.message.maxBreadth == 60)
        let vias = try forwarded.message.vias
        #expect(vias.count == 2)
        #expect(vias[0].sentBy == "192.0.2.1:5060" && vias[0].hasUniqueBranch && vias[0].requestsPort)
        #expect(try vias[1] == invite.topVia)
        let route = try #require(try forwarded.message.recordRoutes.first)
        #expect(route.uri.isLooseRouter && route.uri.host == "192.0.2.1")
        let ringing = reply(&harness, to: forwarded, 180, tag: "b")
        #expect(ringing.map(\.message.statusCode) == [180])
        #expect(try ringing[0].message.vias.count == 1)
        #expect(ringing[0].flow.remote == .endpoint(alice.endpoint))
        let answered = reply(&harness, to: forwarded, 200, tag: "b")
        #expect(answered.map(\.message.statusCode) == [200])
    }

    @Test func tryingComesAfter200Milliseconds() {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        _ = send(&harness, invite)
        harness.advance(.milliseconds(250))
        let trying = harness.sent()
        #expect(trying.map(\.message.statusCode) == [100])
        #expect(trying.first?.flow.remote == .endpoint(alice.endpoint))
    }

    @Test func forkRingsAtBothAndTheFirst200CancelsTheOther() throws {
        var harness = harness([bob, bobDesk])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let branches = send(&harness, invite)
        #expect(branches.count == 2)
        #expect(try branches.map { try $0.message.maxBreadth } == [30, 30])
        #expect(Set(try branches.map { try $0.message.topVia.branch }).count == 2)
        _ = reply(&harness, to: branches[0], 180, tag: "b1")
        _ = reply(&harness, to: branches[1], 180, tag: "b2")
        let out = reply(&harness, to: branches[0], 200, tag: "b1")
        #expect(out.contains { $0.message.statusCode == 200 && $0.flow.remote == .endpoint(alice.endpoint) })
        let cancel = try #require(out.first { $0.message.method == .cancel })
        #expect(cancel.flow.remote == .endpoint(bobDesk.endpoint))
        #expect(try cancel.message.topVia.branch == branches[1].message.topVia.branch)
        #expect(cancel.message.requestURIText == branches[1].message.requestURIText)
        #expect(try cancel.message.vias.count == 1)
        harness.receive(cancel.message.response(200), on: cancel.flow)
        // The race: the other phone had picked up as well. Every 2xx goes upstream.
        let second = reply(&harness, to: branches[1], 200, tag: "b2")
        #expect(second.map(\.message.statusCode) == [200])
        // A retransmitted 2xx follows it.
        #expect(reply(&harness, to: branches[0], 200, tag: "b1").map(\.message.statusCode) == [200])
        #expect(reply(&harness, to: branches[1], 486, tag: "b2").isEmpty)
    }

    @Test func theBestOfSeveralFinalResponsesIsChosen() {
        for (statuses, expected) in [
            ([486, 404], 486), ([503, 486], 486), ([503, 503], 500), ([404, 302], 302), ([500, 480], 480),
            ([486, 603], 603), ([404, 401], 401), ([408, 486], 486), ([487, 486], 486),
        ] {
            var harness = harness([bob, bobDesk])
            let invite = harness.request(.invite, bobAoR, from: alice)
            let branches = send(&harness, invite)
            #expect(branches.count == 2)
            var upstream: [Int] = []
            for (branch, status) in zip(branches, statuses) {
                for out in reply(&harness, to: branch, status, tag: "t") {
                    if let status = out.message.statusCode { upstream.append(status) }
                }
            }
            #expect(upstream == [expected], "\(statuses)")
        }
    }

    @Test func rejectionsAreAcknowledgedHopByHop() throws {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let branch = try #require(send(&harness, invite).first)
        let out = reply(&harness, to: branch, 486, tag: "b")
        let ack = try #require(out.first { $0.message.method == .ack })
        #expect(ack.flow.remote == .endpoint(bob.endpoint))
        #expect(try ack.message.to.tag == "b")
        let busy = try #require(out.first { $0.message.statusCode == 486 })
        #expect(busy.flow.remote == .endpoint(alice.endpoint))
        // Alice's ACK ends here.
        let own = invite.editing {
            $0.set(.to, "<sip:bob@example.org>;tag=b")
            $0.set(.cseq, "1 ACK")
        }
        let text = own.text.replacing("INVITE sip", with: "ACK sip")
        harness.receive(try SIPMessage(parsing: Array(text.utf8)), on: alice.flow)
        harness.advance(.seconds(1))
        #expect(harness.sent().isEmpty)
    }

    @Test func challengesOfAllBranchesAreCollected() throws {
        var harness = harness([bob, bobDesk])
        let message = harness.request(.message, bobAoR, from: alice)
        let branches = send(&harness, message)
        #expect(branches.count == 2)
        _ = reply(&harness, to: branches[0], 401, tag: "a", headers: [(.wwwAuthenticate, "Digest realm=\"one\"")])
        let out = reply(
            &harness, to: branches[1], 407, tag: "b", headers: [(.proxyAuthenticate, "Digest realm=\"two\"")])
        let response = try #require(out.first?.message)
        #expect(try response.wwwAuthenticate.map { $0["realm"] } == ["one"])
        #expect(try response.proxyAuthenticate.map { $0["realm"] } == ["two"])
    }

    @Test func cancelReachesEveryBranchAndTheInviteEndsWith487() throws {
        var harness = harness([bob, bobDesk])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let branches = send(&harness, invite)
        _ = reply(&harness, to: branches[0], 180, tag: "b1")
        let out = self.cancel(&harness, invite)
        #expect(out.first { $0.message.statusCode == 200 }?.flow.remote == .endpoint(alice.endpoint))
        // Only the branch that has answered may be cancelled yet (RFC 3261 §9.1).
        #expect(out.filter { $0.message.method == .cancel }.count == 1)
        let late = reply(&harness, to: branches[1], 180, tag: "b2")
        #expect(late.filter { $0.message.method == .cancel }.count == 1)
        #expect(reply(&harness, to: branches[0], 487, tag: "b1").allSatisfy { $0.message.isRequest })
        let end = reply(&harness, to: branches[1], 487, tag: "b2")
        #expect(end.compactMap(\.message.statusCode) == [487])
    }

    private func cancel(
        _ harness: inout ServerHarness, _ invite: SIPMessage
    ) -> [(message: SIPMessage, flow: Flow)] {
        let cancel = SIPMessage.request(
            .cancel, uri: invite.requestURI!,
            headers: [
                (.via, invite.value(.via)!.string), (.maxForwards, "70"), (.from, invite.value(.from)!.string),
                (.to, invite.value(.to)!.string), (.callID, invite.value(.callID)!.string), (.cseq, "1 CANCEL"),
            ])
        harness.receive(cancel, on: alice.flow)
        return harness.sent()
    }

    @Test func cancelDuringTheLookUpIsAnswered487AtOnce() {
        var harness = harness([])
        let invite = harness.request(.invite, bobAoR, from: alice)
        harness.receive(invite, on: alice.flow)
        let token = harness.actions.lookUps[0].0
        #expect(Set(cancel(&harness, invite).compactMap(\.message.statusCode)) == [200, 487])
        harness.handle(.resolved(token, [Target(requestURI: SIPURI("sip:bob@198.51.100.9")!, nextHop: nil)]))
        #expect(harness.sent().isEmpty)
    }

    @Test func strayCancelIs481AndLateCancelChangesNothing() {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        #expect(cancel(&harness, invite).map(\.message.statusCode) == [481])
        let second = harness.request(.invite, bobAoR, from: alice)
        let branch = send(&harness, second)[0]
        _ = reply(&harness, to: branch, 200, tag: "b")
        #expect(cancel(&harness, second).map(\.message.statusCode) == [200])
    }

    @Test func unansweredInviteTimesOutWith408AndOthersSilently() {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        _ = send(&harness, invite)
        harness.advance(.seconds(33))
        #expect(harness.sent().compactMap(\.message.statusCode).filter { $0 >= 200 }.first == 408)
        let options = harness.request(.options, bobAoR, from: alice)
        _ = send(&harness, options)
        harness.advance(.seconds(120))
        let statuses = harness.sent().filter { (try? $0.message.cseq.method) == .options }.compactMap {
            $0.message.statusCode
        }
        #expect(statuses == [100])
    }

    @Test func timerCEndsAnInviteThatOnlyRings() throws {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let branch = try #require(send(&harness, invite).first)
        _ = reply(&harness, to: branch, 180, tag: "b")
        harness.advance(.seconds(100))
        _ = reply(&harness, to: branch, 180, tag: "b")
        harness.advance(.seconds(170))
        #expect(harness.sent().isEmpty)
        harness.advance(.seconds(15))
        #expect(harness.sent().contains { $0.message.method == .cancel })
        harness.advance(.seconds(40))
        #expect(harness.sent().contains { $0.message.statusCode == 408 })
    }

    @Test func whoIsNotThereGets404Or480() {
        var harness = harness([])
        let known = harness.request(.message, bobAoR, from: alice)
        #expect(send(&harness, known).map(\.message.statusCode) == [480])
        let unknown = harness.request(.message, "sip:nobody@example.org", from: alice)
        #expect(send(&harness, unknown).map(\.message.statusCode) == [404])
    }

    /// RFC 3428 §7: what becomes of a message to somebody who is away is for the user of this core to say.
    @Test func aMessageFromAUserToWhoIsAwayIsHandedUp() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"])
        harness.addUser("bob", password: "x")
        let absences = { (request: SIPMessage) in
            harness.receive(request, on: alice.flow)
            for (token, _) in harness.actions.lookUps { harness.handle(.resolved(token, [])) }
            defer { harness.actions = [] }
            return harness.actions.absences
        }
        let absence = try #require(absences(harness.request(.message, bobAoR, from: alice)).first)
        #expect(absence.recipient.description == "bob@example.org" && absence.sender.description == "alice@example.org")
        #expect(absence.status == 480)
        // Whoever is no user of ours, and whatever is no message, gets the answer that there is.
        #expect(absences(harness.request(.message, bobAoR, from: alice, domain: "elsewhere.net")).isEmpty)
        #expect(absences(harness.request(.invite, bobAoR, from: alice)).isEmpty)
    }

    @Test func maxForwardsZeroEndsHere() {
        var harness = harness([bob])
        let message = harness.request(.message, bobAoR, from: alice, headers: [(.maxForwards, "0")])
        #expect(send(&harness, message).map(\.message.statusCode) == [483])
        let options = harness.request(.options, bobAoR, from: alice, headers: [(.maxForwards, "0")])
        #expect(send(&harness, options).map(\.message.statusCode) == [200])
    }

    @Test func loopsAreRefusedAndSpiralsPass() throws {
        var harness = harness([])
        // Bob's only contact leads back to this server under the same name: the request returns as it was.
        let token = { (harness: inout ServerHarness) in harness.actions.lookUps.last!.0 }
        let invite = harness.request(.invite, bobAoR, from: alice)
        harness.receive(invite, on: alice.flow)
        let back = Peer("proxy", "198.51.100.50:5060")
        let hop = NextHop.address(.udp, back.endpoint)
        harness.handle(
            .resolved(token(&harness), [Target(requestURI: SIPURI("sip:bob@example.org")!, nextHop: hop)]))
        let first = try #require(harness.sent().first)
        let looped = try SIPMessage(
            parsing: first.message.editing {
                $0.prepend(.via, "SIP/2.0/UDP 198.51.100.50:5060;branch=z9hG4bKback")
                $0.removeAll(.recordRoute)
            }.bytes)
        harness.receive(looped, on: back.flow)
        #expect(harness.sent().map(\.message.statusCode) == [482])
        // With another Request-URI it is a spiral.
        let spiral = looped.editing {
            $0.setRequestURI(SIPURI("sip:robert@example.org")!)
            $0.replaceFirst(.via, "SIP/2.0/UDP 198.51.100.50:5060;branch=z9hG4bKspiral")
        }
        harness.receive(spiral, on: back.flow)
        #expect(harness.actions.lookUps.map(\.1.user) == ["robert"])
    }

    @Test func proxyRequireIs420() throws {
        var harness = harness([bob])
        let message = harness.request(.message, bobAoR, from: alice, headers: [(.proxyRequire, "foo, bar")])
        let response = try #require(send(&harness, message).first?.message)
        #expect(response.statusCode == 420)
        #expect(try response.unsupported == ["foo", "bar"])
    }

    @Test func maxBreadthLimitsTheForkAndTheRestWaits() throws {
        var harness = harness([bob, bobDesk])
        let invite = harness.request(.invite, bobAoR, from: alice, headers: [("Max-Breadth", "1")])
        let first = send(&harness, invite)
        #expect(first.count == 1)
        #expect(try first[0].message.maxBreadth == 1)
        let out = reply(&harness, to: first[0], 486, tag: "b")
        let second = try #require(out.first { $0.message.method == .invite })
        #expect(second.flow.remote != first[0].flow.remote)
        let end = reply(&harness, to: second, 480, tag: "c")
        #expect(end.compactMap(\.message.statusCode) == [486])
    }

    @Test func lateTargetsJoinARingingCall() throws {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        harness.receive(invite, on: alice.flow)
        let token = try #require(harness.actions.lookUps.first).0
        let early = harness.sent()
        #expect(early.count == 1)
        _ = reply(&harness, to: early[0], 486, tag: "x")
        let node = NodeID(bits: Bits256(words: SIMD4(9, 9, 9, 9)))
        harness.handle(
            .resolved(token, [Target(requestURI: SIPURI("sip:bob@example.org")!, nextHop: .node(node))]))
        let late = try #require(harness.sent().first)
        #expect(late.flow.remote == .node(node))
        #expect(late.message.requestURIText == "sip:bob@example.org")
        let routes = try late.message.recordRoutes
        #expect(routes.count == 2)
        #expect(routes[0].uri.host == OverlayHost.name(of: ServerHarness.node))
        #expect(routes[0].uri.transport == .overlay && routes[1].uri.host == "192.0.2.1")
        #expect(try late.message.topVia.host == OverlayHost.name(of: ServerHarness.node))
        let out = reply(&harness, to: late, 200, tag: "y")
        #expect(out.map(\.message.statusCode) == [200])
    }

    @Test func lookUpThatIsNeverAnsweredEnds() {
        var harness = harness([])
        let invite = harness.request(.invite, bobAoR, from: alice)
        harness.receive(invite, on: alice.flow)
        harness.advance(.seconds(13))
        #expect(harness.sent().compactMap(\.message.statusCode).contains(480))
    }

    @Test func unreachableNextHopIsReportedAs500() {
        var harness = harness([bob])
        let invite = harness.request(.invite, bobAoR, from: alice)
        let branch = send(&harness, invite)[0]
        harness.handle(.transport(.sendFailed(branch.flow)))
        #expect(harness.sent().map(\.message.statusCode) == [500])
    }

    /// RFC 6228 §6
    @Test func aPhoneThatDeclinesWhileOthersRingEndsItsEarlyDialog() throws {
        var harness = harness([bob, bobDesk])
        let invite = harness.request(.invite, bobAoR, from: alice, headers: [(.supported, "199, 100rel")])
        let branches = send(&harness, invite)
        _ = reply(&harness, to: branches[0], 180, tag: "b1")
        _ = reply(&harness, to: branches[1], 180, tag: "b2")
        let told = reply(&harness, to: branches[0], 486, tag: "b1").filter { !$0.message.isRequest }
        let message = try #require(told.first?.message)
        #expect(told.count == 1 && message.statusCode == 199)
        #expect(try message.to.tag == "b1")
        #expect(message.value(.reason)?.string == "SIP;cause=486;text=\"Busy Here\"")
        #expect(!message.contains(.contact) && !message.contains(.recordRoute))
        // The last one to decline has the final response, which ends all.
        let end = reply(&harness, to: branches[1], 480, tag: "b2").filter { !$0.message.isRequest }
        #expect(end.map(\.message.statusCode) == [486])
    }

    @Test(arguments: [
        [(HeaderName.supported, "timer")], [(.supported, "199"), (.require, "100rel")],
    ])
    func whoCannotBeTold199IsNot(_ headers: [(HeaderName, String)]) {
        var harness = harness([bob, bobDesk])
        let branches = send(&harness, harness.request(.invite, bobAoR, from: alice, headers: headers))
        #expect(branches.count == 2)
        _ = reply(&harness, to: branches[0], 180, tag: "b1")
        #expect(reply(&harness, to: branches[0], 486, tag: "b1").allSatisfy { $0.message.isRequest })
    }

    @Test func whatHasNotRungOrIsGivenUpEndsNothing() {
        var harness = harness([bob, bobDesk])
        let invite = harness.request(.invite, bobAoR, from: alice, headers: [(.supported, "199")])
        let branches = send(&harness, invite)
        #expect(reply(&harness, to: branches[0], 486, tag: "b1").allSatisfy { $0.message.isRequest })
        // A phone that says itself that it is out has been heard.
        var second = self.harness([bob, bobDesk])
        let again = second.request(.invite, bobAoR, from: alice, headers: [(.supported, "199")])
        let rings = send(&second, again)
        _ = reply(&second, to: rings[0], 183, tag: "b1")
        #expect(reply(&second, to: rings[0], 199, tag: "b1").map(\.message.statusCode) == [199])
        #expect(reply(&second, to: rings[0], 486, tag: "b1").allSatisfy { $0.message.isRequest })
    }
}
