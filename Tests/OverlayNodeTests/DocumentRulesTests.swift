import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Rules that users write over XCAP, and what becomes of those who watch them.
@Suite struct DocumentRulesTests {
    @Test func aWatcherIsBlockedAtOnce() throws {
        var mesh = try Mesh.twoGateways(seed: 61)
        var (alice, bob) = try phones(&mesh)
        #expect(watch(&mesh, &bob, alice.uri) == 200)
        #expect(notified(&mesh, bob) { $0.contains("at A") })
        var client = XCAPClient("alice")
        let put = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy,
            body: XCAPClient.rules("block", "bob"))
        #expect(put?.status == 201)
        #expect(ended(&mesh, bob))
        #expect(watch(&mesh, &bob, alice.uri) == 403)
        // What can't be taken for rules changes nothing.
        let many = (0..<520).map { #"<rule id="r\#($0)"/>"# }.joined()
        let ruleset = #"<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">\#(many)</ruleset>"#
        let tooMany = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy, body: Array(ruleset.utf8))
        #expect(tooMany?.status == 200)
        mesh.run(for: .seconds(1))
        #expect(mesh.observations[1].contains { $0.name == "rules-unreadable" })
        #expect(watch(&mesh, &bob, alice.uri) == 403)
        // Rules that are taken back hold nobody off.
        #expect(client.perform(&mesh, at: 0, "DELETE", client.path("pres-rules"))?.status == 200)
        mesh.run(for: .seconds(1))
        #expect(watch(&mesh, &bob, alice.uri) == 200)
        publish(&mesh, &alice, note: "again")
    }

    @Test func rulesWrittenBeforeAreLoadedForTheFirstWatcher() throws {
        var mesh = try Mesh.twoGateways(seed: 62)
        var client = XCAPClient("alice")
        let oma = client.path("org.openmobilealliance.pres-rules", "pres-rules")
        _ = client.perform(
            &mesh, at: 0, "PUT", oma, type: XCAPClient.policy, body: XCAPClient.rules("block", "bob"))
        var (alice, bob) = try phones(&mesh)
        _ = watch(&mesh, &bob, alice.uri)
        #expect(ended(&mesh, bob))
        // The rules of RFC 5025 are what counts where there are both.
        _ = client.perform(
            &mesh, at: 1, "PUT", client.path("pres-rules"), type: XCAPClient.policy,
            body: XCAPClient.rules("allow", "bob"))
        mesh.run(for: .seconds(1))
        #expect(watch(&mesh, &bob, alice.uri) == 200)
        publish(&mesh, &alice, note: "for bob")
    }

    /// RFC 4827: what a user keeps as presence is composed with what their phones publish, at every gateway and at once.
    @Test func whatAUserKeepsAsPresenceIsSeenAtOnce() throws {
        var mesh = try Mesh.twoGateways(seed: 65)
        var (alice, bob) = try phones(&mesh)
        #expect(watch(&mesh, &bob, alice.uri) == 200)
        #expect(notified(&mesh, bob) { $0.contains("at A") })
        var client = XCAPClient("alice")
        let path = client.path("pidf-manipulation")
        func put(_ note: String, at index: Int) -> Int? {
            let body = Phone.presence("alice", "open", note: note, tuple: "manual")
            return client.perform(&mesh, at: index, "PUT", path, type: "application/pidf+xml", body: Array(body))?
                .status
        }
        #expect(put("on holiday", at: 0) == 201)
        #expect(notified(&mesh, bob) { $0.contains("on holiday") && $0.contains("at A") })
        #expect(put("back soon", at: 1) == 200)
        #expect(notified(&mesh, bob) { $0.contains("back soon") && !$0.contains("on holiday") })
        // It outlasts the phone and the gateway.
        mesh.kill(0)
        try mesh.restart(1)
        #expect(notified(&mesh, bob) { $0.contains("back soon") })
        #expect(client.perform(&mesh, at: 1, "DELETE", path)?.status == 200)
        #expect(notified(&mesh, bob) { !$0.contains("back soon") })
    }

    @Test func whoIsBlockedSeesNothingWhileTheRulesAreBeingLoaded() throws {
        var mesh = try Mesh.twoGateways(seed: 64)
        var client = XCAPClient("alice")
        _ = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy,
            body: XCAPClient.rules("block", "bob"))
        // Bob's gateway has never heard of Alice's rules.
        var (alice, bob) = try phones(&mesh)
        _ = watch(&mesh, &bob, alice.uri)
        mesh.run(for: .seconds(3))
        let notifies = mesh.sent[1].map(\.message).filter { $0.method == .notify }
        #expect(!notifies.isEmpty)
        #expect(notifies.allSatisfy { $0.body.isEmpty })
    }

    @Test func rulesReferToTheUsersOwnLists() throws {
        var mesh = try Mesh.twoGateways(seed: 63)
        var client = XCAPClient("alice")
        let uri =
            "https://xcap.example.org/xcap\(client.path())/~~/resource-lists/list%5B@name=%22friends%22%5D"
        let condition =
            #"<oma:external-list xmlns:oma="urn:oma:xml:xdm:common-policy"><oma:entry anc="\#(uri)"/></oma:external-list>"#
        _ = client.perform(
            &mesh, at: 0, "PUT", client.path(), type: XCAPClient.lists, body: XCAPClient.list("carol"))
        let put = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy,
            body: XCAPClient.rules("block", where: condition))
        #expect(put?.status == 201)
        var (alice, bob) = try phones(&mesh)
        _ = watch(&mesh, &bob, alice.uri)
        mesh.run(for: .seconds(1))
        _ = client.perform(
            &mesh, at: 0, "PUT", client.path(), type: XCAPClient.lists, body: XCAPClient.list("carol", "bob"))
        #expect(ended(&mesh, bob))
        publish(&mesh, &alice, note: "without bob")
    }

    /// Alice publishes at the first gateway, bob is at the second.
    private func phones(_ mesh: inout Mesh) throws -> (alice: Phone, bob: Phone) {
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        guard alice.register(&mesh, password: "pw-alice") == 200, bob.register(&mesh, password: "pw-bob") == 200 else {
            throw Failure("not registered")
        }
        publish(&mesh, &alice, note: "at A")
        return (alice, bob)
    }

    private func publish(_ mesh: inout Mesh, _ phone: inout Phone, note: String) {
        let response = phone.perform(
            &mesh, .publish, to: phone.uri, password: "pw-\(phone.user)",
            headers: [(.event, "presence"), (.expires, "600")],
            body: Phone.presence(phone.user, "open", note: note, tuple: "t1"), contentType: "application/pidf+xml")
        #expect(response?.statusCode == 200)
    }

    private func watch(_ mesh: inout Mesh, _ phone: inout Phone, _ target: SIPURI) -> Int? {
        phone.perform(
            &mesh, .subscribe, to: target, password: "pw-\(phone.user)",
            headers: [
                (.event, "presence"), (.expires, "600"), (.contact, phone.contact), (.accept, "application/pidf+xml"),
            ])?.statusCode
    }

    /// Whether a NOTIFY ends the subscription.
    private func ended(_ mesh: inout Mesh, _ phone: Phone) -> Bool {
        notified(&mesh, phone) { $0.lowercased().contains("subscription-state: terminated;reason=rejected") }
    }

    /// Whether a NOTIFY of this kind reaches the phone, which answers all that come.
    private func notified(_ mesh: inout Mesh, _ phone: Phone, _ isWanted: (String) -> Bool) -> Bool {
        for _ in 0..<10 {
            guard let notify = mesh.message(from: phone.server, toPort: phone.port, where: { $0.method == .notify })
            else { return false }
            mesh.receive(notify.response(200), at: phone.server, fromPort: phone.port)
            if isWanted(String(decoding: notify.bytes, as: UTF8.self)) { return true }
        }
        return false
    }
}
