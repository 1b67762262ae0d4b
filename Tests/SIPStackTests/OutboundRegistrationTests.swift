import Primitives
import SIPMessages
import SIPStack
import Testing

/// REGISTER with flows (RFC 5626 §6).
@Suite struct OutboundRegistrationTests {
    private let alice = Peer("alice", "198.51.100.7:5060")
    private let aor = AddressOfRecord(user: "alice", host: "example.org")!
    private var harness = ServerHarness(trusted: ["198.51.100.0/24"])

    private func contact(
        _ address: String = "10.0.0.1:5060", device: String = "<urn:uuid:00000000-0000-1000-8000-000a95a0e128>",
        flow: Int
    ) -> (HeaderName, String) {
        (.contact, "<sip:alice@\(address);ob>;+sip.instance=\"\(device)\";reg-id=\(flow)")
    }

    private mutating func register(
        _ headers: [(HeaderName, String)], from peer: Peer? = nil, callID: String = "c", cseq: Int = 1
    ) throws -> SIPMessage {
        let peer = peer ?? alice
        let request = harness.request(
            .register, "sip:example.org", from: peer, to: "<sip:alice@example.org>", callID: callID, cseq: cseq,
            headers: headers, contact: false)
        harness.receive(request, on: peer.flow)
        return try #require(harness.sentMessages().last)
    }

    private var bindings: [Binding] { harness.server.bindings(of: aor, at: harness.now) }

    @Test mutating func aFlowIsConfirmedToWhoeverUnderstands() throws {
        let asking = try register([contact(flow: 1), (.supported, "path, Outbound")])
        #expect(asking.statusCode == 200)
        #expect(try asking.require == ["outbound"])
        #expect(try asking.contacts.first?.regID == 1)
        let silent = try register([contact(flow: 1)], callID: "d")
        #expect(try silent.require.isEmpty)
        let plain = try register([(.contact, alice.contact), (.supported, "outbound")], callID: "e")
        #expect(try plain.require.isEmpty)
        #expect(bindings.map(\.registrationID) == [1, nil])
    }

    /// One binding for each flow, although both have the same contact; the flow is what a refresh replaces.
    @Test mutating func aDeviceHasABindingForEachFlow() throws {
        let other = Peer("alice", "198.51.100.8:40000")
        _ = try register([contact(flow: 1)], callID: "a")
        _ = try register([contact(flow: 2)], from: other, callID: "b")
        #expect(bindings.map(\.registrationID) == [1, 2])
        #expect(bindings.map(\.flow) == [alice.flow, other.flow])
        #expect(Set(bindings.map(\.key)).count == 2)
        let moved = Peer("alice", "198.51.100.7:5099")
        _ = try register([contact("10.0.0.2:5060", flow: 1)], from: moved, callID: "a", cseq: 2)
        #expect(bindings.map(\.flow) == [moved.flow, other.flow])
        // RFC 9562 §4: the digits of a UUID in either case.
        let upper = contact(device: "<URN:UUID:00000000-0000-1000-8000-000A95A0E128>", flow: 2)
        _ = try register([upper, (.expires, "0")], callID: "b", cseq: 2)
        #expect(bindings.map(\.registrationID) == [1])
    }

    @Test mutating func whatNamesNoFlowIsIgnored() throws {
        let response = try register([(.contact, "<sip:alice@10.0.0.1>;reg-id=1"), (.supported, "outbound")])
        #expect(response.statusCode == 200)
        #expect(try response.require.isEmpty)
        _ = try register([contact(flow: 0)], callID: "d")
        #expect(bindings.map(\.registrationID) == [nil, nil])
        #expect(bindings.allSatisfy { !$0.parameters.contains("reg-id") })
    }

    @Test mutating func onlyOneContactIsBoundWithAFlow() throws {
        #expect(try register([contact(flow: 1), (.contact, "<sip:alice@10.0.0.9>")]).statusCode == 400)
        #expect(bindings.isEmpty)
        #expect(
            try register([contact(flow: 1), (.contact, "<sip:alice@10.0.0.9>;expires=0")], cseq: 2).statusCode == 200)
        #expect(bindings.count == 1)
    }

    /// RFC 5626 §6: a proxy in between has to know what a flow is.
    @Test(
        arguments: [
            ("<sip:edge.example.net;lr>", true, 439, nil), ("<sip:edge.example.net;lr>", false, 200, nil),
            ("<sip:token@edge.example.net;lr;ob>", true, 200, 1), (nil, true, 439, nil),
            ("<sip:home.example.net;lr>, <sip:token@edge.example.net;lr;ob>", true, 200, 1),
        ] as [(String?, Bool, Int, Int?)])
    mutating func theFirstProxyMustKnowFlows(path: String?, isAsked: Bool, status: Int, flow: Int?) throws {
        var headers = [contact(flow: 1), (.via, "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKphone")]
        if let path { headers.append((.path, path)) }
        headers.append((.supported, isAsked ? "path, outbound" : "path"))
        let response = try register(headers)
        #expect(response.statusCode == status)
        #expect(try response.require == (flow == nil ? [] : ["outbound"]))
        #expect(bindings.map(\.registrationID) == (status == 200 ? [flow] : []))
    }

    /// RFC 5626 §7: with its flow a binding ends at once; that of a proxy in between is not the device's flow.
    @Test mutating func aBindingEndsWithItsFlow() throws {
        let phone = Peer("alice", "198.51.100.7:40000", transport: .tcp, connection: 3)
        _ = try register([contact(flow: 1)], from: phone, callID: "a")
        let behind = [
            contact(device: "<urn:uuid:2>", flow: 1), (.via, "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKphone"),
            (.path, "<sip:token@198.51.100.7;lr;ob>"),
        ]
        _ = try register(behind, from: phone, callID: "b")
        #expect(bindings.count == 2)
        harness.handle(.transport(.closed(phone.flow)))
        #expect(bindings.map(\.instance) == ["<urn:uuid:2>"])
        #expect(
            harness.actions.observations == [
                .unregistered(aor, contact: "sip:alice@10.0.0.1:5060;ob", .flowFailed)
            ])
    }

    /// RFC 5626 §5.4: a connection is to be kept alive, and one that is silent ends; datagrams have none.
    @Test(arguments: [
        (SIPTransport.tcp, "outbound", true), (.tls, "outbound", true), (.udp, "outbound", false),
        (.wss, "outbound", false),
        (.tcp, "path", false),
    ]) mutating func aConnectionIsToBeKeptAlive(transport: SIPTransport, supported: String, isLimited: Bool) throws {
        let phone = Peer(
            "alice", "198.51.100.7:40000", transport: transport, connection: transport == .udp ? 0 : 3)
        let request = harness.request(
            .register, "sip:example.org", from: phone, to: "<sip:alice@example.org>",
            headers: [contact(flow: 1), (.supported, supported)], contact: false)
        harness.receive(request, on: phone.flow)
        let isToldThere = harness.actions.contains { action in
            if case .transport(.limitSilence(phone.flow, .seconds(180))) = action { true } else { false }
        }
        #expect(isToldThere == isLimited)
        #expect(harness.sentMessages().last?.value(.flowTimer)?.string == (isLimited ? "120" : nil))
    }

    @Test mutating func noConnectionOutlivesTheProcess() throws {
        let phone = Peer("alice", "198.51.100.7:40000", transport: .tcp, connection: 3)
        for (peer, call) in [(phone, "a"), (alice, "b")] {
            let request = harness.request(
                .register, "sip:example.org", from: peer, to: "<sip:alice@example.org>", callID: call,
                headers: [contact(flow: peer.connection == 0 ? 2 : 1)], contact: false)
            harness.receive(request, on: peer.flow)
        }
        let stored = harness.actions.compactMap { action -> [UInt8]? in
            if case .persistBinding(_, let bytes) = action { bytes } else { nil }
        }
        #expect(stored.count == 2)
        var second = ServerHarness(trusted: ["198.51.100.0/24"])
        for bytes in stored { second.handle(.restoreBinding(bytes)) }
        #expect(second.server.bindings(of: aor, at: second.now).map(\.registrationID) == [2])
        let forgotten = second.actions.contains { if case .forgetBinding = $0 { true } else { false } }
        #expect(forgotten)
    }

    /// What an earlier version kept ends before the time of the last refresh.
    @Test func bindingsOfTheFirstVersionAreRead() throws {
        var binding = Binding(
            aor: aor, contact: SIPURI("sip:alice@10.0.0.1")!, flow: alice.flow, callID: "c", cseq: 7,
            expires: Instant(secondsSince1970: 9), refreshed: Instant(secondsSince1970: 5))
        binding.epoch = 77
        #expect(try Binding(decoding: binding.encode()) == binding)
        let old = [1] + binding.encode().dropFirst().dropLast(16)
        binding.epoch = 0
        binding.refreshed = nil
        #expect(try Binding(decoding: old) == binding)
    }
}
