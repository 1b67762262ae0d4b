import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite struct RegistrarTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let aor = AddressOfRecord(user: "alice", host: "example.org")!

    private func harness(_ registrar: RegistrarConfiguration? = nil) -> ServerHarness {
        ServerHarness(trusted: ["198.51.100.0/24"], registrar: registrar)
    }

    private func register(
        _ harness: inout ServerHarness, _ headers: [(HeaderName, String)], callID: String = "reg", cseq: Int,
        from peer: Peer? = nil
    ) -> SIPMessage {
        let peer = peer ?? alice
        let message = harness.request(
            .register, "sip:example.org", from: peer, to: "<sip:alice@example.org>", callID: callID, cseq: cseq,
            headers: headers, contact: false)
        harness.receive(message, on: peer.flow)
        return harness.sentMessages().last!
    }

    @Test func bindingIsPersistedBeforeTheResponse() throws {
        var harness = harness()
        let message = harness.request(
            .register, "sip:example.org", from: alice, to: "<sip:alice@example.org>", headers: [(.expires, "600")])
        harness.receive(message, on: alice.flow)
        let kinds = harness.actions.map { action in
            switch action {
            case .persistBinding: "persist"
            case .transport: "send"
            case .bindingsChanged: "changed"
            case .observe: "observe"
            default: "other"
            }
        }
        let persist = try #require(kinds.firstIndex(of: "persist"))
        let send = try #require(kinds.firstIndex(of: "send"))
        #expect(persist < send)
        let response = try #require(harness.sentMessages().last)
        #expect(response.statusCode == 200)
        #expect(try response.contacts.first?.expires == 600)
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 1)
    }

    @Test func contactExpiresGoesBeforeExpires() throws {
        var harness = harness()
        let response = register(
            &harness,
            [
                (.contact, "<sip:a@198.51.100.7>;expires=120"), (.contact, "<sip:b@198.51.100.7>;q=0.5"),
                (.expires, "300"),
            ],
            cseq: 1)
        let contacts = try response.contacts
        #expect(contacts.map(\.expires) == [120, 300])
        #expect(contacts.map(\.q) == [nil, 500])
    }

    @Test func tooBriefIsRefusedWithTheMinimumAndChangesNothing() {
        var harness = harness()
        let response = register(
            &harness, [(.contact, "<sip:a@198.51.100.7>"), (.contact, "<sip:b@198.51.100.7>;expires=5")], cseq: 1)
        #expect(response.statusCode == 423)
        #expect(response.minExpires == 60)
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
    }

    @Test func oldCSeqOfTheSameCallFails() {
        var harness = harness()
        #expect(register(&harness, [(.contact, "<sip:a@198.51.100.7>")], cseq: 5).statusCode == 200)
        #expect(
            register(&harness, [(.contact, "<sip:a@198.51.100.7>;expires=0")], cseq: 5).statusCode == 500)
        #expect(
            register(&harness, [(.contact, "<sip:a@198.51.100.7>;expires=0")], callID: "other", cseq: 1).statusCode
                == 200)
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
    }

    @Test func wildcardNeedsExpiresZeroAndNoCompany() {
        var harness = harness()
        #expect(register(&harness, [(.contact, "<sip:a@198.51.100.7>")], cseq: 1).statusCode == 200)
        #expect(register(&harness, [(.contact, "*")], cseq: 2).statusCode == 400)
        #expect(register(&harness, [(.contact, "*"), (.expires, "10")], cseq: 3).statusCode == 400)
        #expect(
            register(&harness, [(.contact, "*"), (.contact, "<sip:b@198.51.100.7>"), (.expires, "0")], cseq: 4)
                .statusCode == 400)
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 1)
        #expect(register(&harness, [(.contact, "*"), (.expires, "0")], cseq: 5).statusCode == 200)
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
    }

    @Test func withoutContactTheBindingsAreListed() throws {
        var harness = harness()
        _ = register(&harness, [(.contact, "<sip:a@198.51.100.7>"), (.expires, "600")], cseq: 1)
        harness.advance(.seconds(100))
        let response = register(&harness, [], cseq: 2)
        #expect(try response.contacts.map(\.expires) == [500])
        #expect(!harness.actions.contains { if case .bindingsChanged = $0 { true } else { false } })
    }

    @Test func bindingsExpire() throws {
        var harness = harness()
        _ = register(&harness, [(.contact, "<sip:a@198.51.100.7>"), (.expires, "600")], cseq: 1)
        harness.advance(.seconds(599))
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 1)
        harness.actions = []
        harness.advance(.seconds(2))
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
        #expect(
            harness.actions.observations == [.unregistered(aor, contact: "sip:a@198.51.100.7", .expired)])
        #expect(harness.actions.contains { if case .forgetBinding = $0 { true } else { false } })
    }

    @Test func devicesAreCountedByInstance() {
        var harness = harness(RegistrarConfiguration(domains: ["example.org"], maximumContacts: 2))
        for port in 1...5 {
            let response = register(
                &harness, [(.contact, "<sip:a@198.51.100.7:\(5060 + port)>;+sip.instance=\"<urn:uuid:1>\"")],
                callID: "c\(port)", cseq: 1)
            #expect(response.statusCode == 200)
        }
        #expect(harness.server.bindings(of: aor, at: harness.now).map(\.contact.port) == [5065])
        #expect(register(&harness, [(.contact, "<sip:b@198.51.100.8>")], callID: "d", cseq: 1).statusCode == 200)
        #expect(register(&harness, [(.contact, "<sip:c@198.51.100.9>")], callID: "e", cseq: 1).statusCode == 403)
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 2)
    }

    /// A device may have several flows, but not as many as it can name.
    @Test func theFlowsOfADeviceAreBounded() {
        var harness = harness(RegistrarConfiguration(domains: ["example.org"], maximumContacts: 2))
        func register(_ flow: Int, cseq: Int, expires: Int = 3_600) -> Int? {
            self.register(
                &harness,
                [
                    (.contact, "<sip:a@198.51.100.7:\(5060 + flow)>;+sip.instance=\"<urn:uuid:1>\";reg-id=\(flow)"),
                    (.expires, String(expires)),
                ], cseq: cseq
            ).statusCode
        }
        for flow in 1...8 { #expect(register(flow, cseq: flow) == 200) }
        for flow in 9...12 { #expect(register(flow, cseq: flow) == 403) }
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 8)
        // What is there can still be refreshed and removed, and then there is room again.
        #expect(register(3, cseq: 20) == 200)
        #expect(register(8, cseq: 21, expires: 0) == 200)
        #expect(register(9, cseq: 22) == 200)
        #expect(harness.server.bindings(of: aor, at: harness.now).count == 8)
    }

    @Test func restoredBindingsAreTheSame() throws {
        var harness = harness()
        let message = harness.request(
            .register, "sip:example.org", from: alice, to: "<sip:alice@example.org>",
            headers: [
                (.expires, "600"), (.path, "<sip:edge.example.org;lr>"), (.supported, "path"),
                (.contact, "<sip:alice@198.51.100.7>;q=0.3;+sip.instance=\"<urn:uuid:7>\""),
            ])
        harness.receive(message, on: alice.flow)
        let stored = harness.actions.compactMap { action -> [UInt8]? in
            if case .persistBinding(_, let bytes) = action { bytes } else { nil }
        }
        let before = harness.server.bindings(of: aor, at: harness.now)
        #expect(before.first?.path == ["<sip:edge.example.org;lr>"])
        #expect(harness.sentMessages().last?.value(.path)?.string == "<sip:edge.example.org;lr>")
        var second = self.harness()
        for bytes in stored { second.handle(.restoreBinding(bytes)) }
        #expect(second.server.bindings(of: aor, at: second.now) == before)
        second.handle(.restoreBinding([9, 9, 9]))
        second.now = second.now + .seconds(700)
        second.handle(.wake)
        #expect(second.server.bindings(of: aor, at: second.now).isEmpty)
    }

    @Test func unsupportedRequireIs420AndForeignDomain404() {
        var harness = harness()
        let response = register(&harness, [(.contact, "<sip:a@198.51.100.7>"), (.require, "ice")], cseq: 1)
        #expect(response.statusCode == 420)
        #expect(response.value(.unsupported)?.string == "ice")
        let message = harness.request(
            .register, "sip:example.org", from: alice, to: "<sip:alice@elsewhere.example>")
        harness.receive(message, on: alice.flow)
        #expect(harness.sentMessages().last?.statusCode == 404)
    }

    @Test func aClosedConnectionLeavesTheContactsOwnAddress() {
        var harness = harness()
        let phone = Peer("alice", "198.51.100.7:40000", transport: .tcp, connection: 9)
        _ = register(&harness, [(.contact, "<sip:a@198.51.100.7:5062;transport=tcp>")], cseq: 1, from: phone)
        #expect(harness.server.bindings(of: aor, at: harness.now).first?.target.nextHop == .flow(phone.flow))
        harness.handle(.transport(.closed(phone.flow)))
        #expect(
            harness.server.bindings(of: aor, at: harness.now).first?.target.nextHop
                == .address(.tcp, Endpoint("198.51.100.7:5062")!))
    }

    @Test func theBindingsOfARemovedUserGo() {
        var harness = harness()
        _ = register(
            &harness, [(.contact, "<sip:a@198.51.100.7>"), (.contact, "<sip:b@198.51.100.7>")], cseq: 1)
        harness.register(Peer("bob", "198.51.100.9:5060"))
        harness.handle(.removeBindings(aor))
        let forgotten = harness.actions.compactMap { action in
            if case .forgetBinding(let key) = action { String(decoding: key, as: UTF8.self) } else { nil }
        }
        #expect(
            forgotten == [
                "\(aor)\nsip:a@198.51.100.7", "\(aor)\nsip:b@198.51.100.7",
            ])
        let changes = harness.actions.compactMap { action in
            if case .bindingsChanged(let aor, let bindings) = action { (aor, bindings.count) } else { nil }
        }
        #expect(changes.count == 1 && changes.first?.0 == aor && changes.first?.1 == 0)
        #expect(
            harness.actions.observations == [
                .unregistered(aor, contact: "sip:a@198.51.100.7", .removed),
                .unregistered(aor, contact: "sip:b@198.51.100.7", .removed),
            ])
        #expect(harness.server.bindings(of: aor, at: harness.now).isEmpty)
        #expect(harness.server.registeredCount == 1)
        harness.actions = []
        harness.handle(.removeBindings(aor))
        #expect(harness.actions.isEmpty)
    }

    /// RFC 3261 §10.3 step 7: a registrar may shorten what was asked for.
    @Test func manyPhonesThatRegisterAtOnceComeAgainApart() throws {
        var harness = ServerHarness(trusted: ["198.51.100.0/24"], maximumTransactions: 10_000)
        var granted: [Int] = []
        for number in 0..<1_000 {
            let phone = Peer("u\(number)", "198.51.100.7:\(10_000 + number)")
            let request = harness.request(
                .register, "sip:example.org", from: phone, to: "<sip:u\(number)@example.org>",
                headers: [(.expires, "3600")])
            harness.receive(request, on: phone.flow)
            let response = try #require(harness.sentMessages().last)
            granted.append(try #require(try response.contacts.first?.expires))
        }
        // The few of a small installation get what they ask for.
        #expect(granted.prefix(100).allSatisfy { $0 == 3_600 })
        let spread = granted.dropFirst(100)
        #expect(spread.allSatisfy { (3_240...3_600).contains($0) })
        // No second has more than a few of 900 in 360 seconds.
        let most = Dictionary(grouping: spread) { $0 }.values.map(\.count).max() ?? 0
        #expect(most < 20)
        // What is short already stays above the minimum.
        let phone = Peer("u1", "198.51.100.7:10001")
        let request = harness.request(
            .register, "sip:example.org", from: phone, to: "<sip:u1@example.org>", headers: [(.expires, "60")])
        harness.receive(request, on: phone.flow)
        #expect(try harness.sentMessages().last?.contacts.first?.expires == 60)
    }
}
