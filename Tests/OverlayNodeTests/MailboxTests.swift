import Kademlia
import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Messages to users who are away, over whole nodes.
@Suite struct MailboxTests {
    private func send(
        _ mesh: inout Mesh, _ text: String, from phone: inout Phone, to target: SIPURI,
        contentType: String? = "text/plain"
    ) -> Int? {
        phone.perform(
            &mesh, .message, to: target, password: "pw-\(phone.user)", body: Array(text.utf8), contentType: contentType
        )?.statusCode
    }

    /// The next MESSAGE that reaches a phone, which answers it.
    private func receive(_ mesh: inout Mesh, _ phone: Phone, status: Int = 200) -> SIPMessage? {
        guard
            let message = mesh.message(from: phone.server, toPort: phone.port, where: { $0.method == .message })
        else { return nil }
        mesh.receive(message.response(status, toTag: "x"), at: phone.server, fromPort: phone.port)
        return message
    }

    private func text(_ message: SIPMessage?) -> String? { message.map { String(decoding: $0.body, as: UTF8.self) } }

    /// The mailbox records that all members hold, deleted ones left out.
    private func kept(_ mesh: Mesh) throws -> Set<[UInt8]> {
        Set(
            try mesh.members.flatMap { member in
                try (member.journal[.record] ?? [:]).values.map { try StoredEntry(decoding: $0).record }
            }.filter { $0.kind == .mailbox && !$0.isTombstone }.map(\.key))
    }

    @Test func messagesWaitForWhoIsAwayAndComeInOrder() throws {
        var mesh = try Mesh.twoGateways(seed: 71)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        let sent = mesh.now
        // RFC 3428 §7: taken, and not delivered yet.
        for word in ["one", "two", "three"] {
            #expect(send(&mesh, word, from: &alice, to: bob.uri) == 202)
            mesh.run(for: .seconds(1))
        }
        mesh.run(for: .seconds(60))
        #expect(try kept(mesh).count == 3)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        let first = receive(&mesh, bob)
        #expect(text(first) == "one")
        #expect(try first?.from.uri.addressOfRecord?.description == "alice@example.org")
        let date = try #require(first?.date)
        #expect(date.hasPrefix(SIPDate.text(sent).prefix(22)))
        #expect(text(receive(&mesh, bob)) == "two")
        #expect(text(receive(&mesh, bob)) == "three")
        mesh.run(for: .seconds(2))
        #expect(try kept(mesh).isEmpty)
        // Nothing comes twice.
        #expect(bob.register(&mesh, password: "pw-bob", expires: 0) == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(receive(&mesh, bob) == nil)
    }

    @Test func aMessageIsKeptByOthersWhenItsGatewayDies() throws {
        var mesh = try Mesh.twoGateways(seed: 72)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(send(&mesh, "outlives", from: &alice, to: bob.uri) == 202)
        mesh.run(for: .seconds(1))
        mesh.kill(0)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(text(receive(&mesh, bob)) == "outlives")
    }

    /// Nobody who stores it can read it.
    @Test func aMessageIsSealed() throws {
        var mesh = try Mesh.twoGateways(seed: 73)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        let bob = Phone("bob", port: 6002, server: 1)
        #expect(send(&mesh, "a secret between us", from: &alice, to: bob.uri) == 202)
        mesh.run(for: .seconds(1))
        for member in mesh.members {
            for value in (member.journal[.record] ?? [:]).values {
                #expect(!String(decoding: value, as: UTF8.self).contains("secret between"))
            }
        }
    }

    @Test func whatIsRefusedWaitsForTheNextReturn() throws {
        var mesh = try Mesh.twoGateways(seed: 74)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(send(&mesh, "try again", from: &alice, to: bob.uri) == 202)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(text(receive(&mesh, bob, status: 500)) == "try again")
        mesh.run(for: .seconds(2))
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(text(receive(&mesh, bob)) == "try again")
    }

    /// A phone that went without a word is registered still, and answers nothing.
    @Test(arguments: [0, 1])
    func aMessageToAPhoneThatDoesNotAnswerIsKept(sender: Int) throws {
        var mesh = try Mesh.twoGateways(seed: 78)
        var alice = Phone("alice", port: 6001, server: sender)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        mesh.run(for: .seconds(1))
        alice.send(
            &mesh, .message, to: bob.uri, password: "pw-alice", body: Array("hello?".utf8), contentType: "text/plain")
        let copy = mesh.message(from: bob.server, toPort: bob.port, where: { $0.method == .message })
        #expect(text(copy) == "hello?")
        // Sooner than the client's transaction ends (RFC 3261 §17.1.2.2).
        mesh.run(for: .seconds(20))
        #expect(alice.final(&mesh)?.statusCode == 202)
        #expect(try kept(mesh).count == 1)
        mesh.run(for: .seconds(600))
        while mesh.message(from: bob.server, toPort: bob.port, where: { $0.method == .message }) != nil {}
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(text(receive(&mesh, bob)) == "hello?")
        mesh.run(for: .seconds(2))
        #expect(try kept(mesh).isEmpty)
    }

    /// A device that says no has been reached.
    @Test func aMessageThatADeviceRefusesIsNotKept() throws {
        var mesh = try Mesh.twoGateways(seed: 75)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        mesh.run(for: .seconds(1))
        alice.send(
            &mesh, .message, to: bob.uri, password: "pw-alice", body: Array("no".utf8), contentType: "text/plain")
        #expect(receive(&mesh, bob, status: 603) != nil)
        #expect(alice.final(&mesh)?.statusCode == 603)
        #expect(try kept(mesh).isEmpty)
    }

    @Test func whatCanNotBeKeptIsAnsweredAsBefore() throws {
        var mesh = try Mesh.twoGateways(seed: 76)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        let bob = Phone("bob", port: 6002, server: 1)
        #expect(send(&mesh, String(repeating: "x", count: 8_193), from: &alice, to: bob.uri) == 480)
        // A user who does not exist has no mailbox.
        let nobody = Phone("nobody", port: 6003, server: 1)
        #expect(send(&mesh, "hello", from: &alice, to: nobody.uri) == 404)
        #expect(try kept(mesh).isEmpty)
    }

    /// A node that holds only carol's account leaves her messages in others' mailboxes, by their certificates.
    @Test func aPlainNodeLeavesMessagesToo() throws {
        var mesh = try Mesh.twoGateways(seed: 77)
        var carol = Phone("carol", port: 6003, server: 2)
        #expect(carol.register(&mesh, password: "pw-carol") == 200)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(send(&mesh, "from carol's own machine", from: &carol, to: bob.uri) == 202)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(text(receive(&mesh, bob)) == "from carol's own machine")
    }

    /// RFC 5360 §4: a stranger's message is delivered once the recipient lets the stranger in.
    @Test(arguments: [true, false]) func strangersNeedConsent(isAllowed: Bool) throws {
        var mesh = try Mesh.twoDomains(seed: 78)
        if isAllowed {
            mesh.configure(1) { $0.strangers = .allow }
            try mesh.restart(1)
            mesh.run(for: .seconds(5))
        }
        var alice = Phone("alice", port: 6001, server: 0)
        var carol = Phone("carol", port: 6004, server: 1, domain: "example.net")
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(send(&mesh, "hello, stranger", from: &alice, to: carol.uri) == 202)
        #expect(carol.register(&mesh, password: "pw-carol") == 200)
        #expect(text(receive(&mesh, carol)) == (isAllowed ? "hello, stranger" : nil))
        mesh.run(for: .seconds(2))
        #expect(try kept(mesh).count == (isAllowed ? 0 : 1))
    }
}
