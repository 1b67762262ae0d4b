import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Messages to lists, through gateways and the rules of those who are written to.
@Suite struct MessageListTests {
    private static func body(_ users: [String]) -> [UInt8] {
        let entries = users.map { "<entry uri=\"sip:\($0)@example.org\"/>" }.joined()
        return Array(
            """
            --x\r\nContent-Type: text/plain\r\n\r\nLunch?\r\n--x\r\nContent-Type: application/resource-lists+xml\r\n\
            Content-Disposition: recipient-list\r\n\r\n<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">\
            <list>\(entries)</list></resource-lists>\r\n--x--\r\n
            """.utf8)
    }

    private func write(_ mesh: inout Mesh, _ phone: inout Phone, to users: [String], at name: String = "all") -> Int? {
        phone.perform(
            &mesh, .message, to: SIPURI("sip:\(name)@example.org")!, password: "pw-\(phone.user)",
            headers: [(.require, "recipient-list-message")], body: Self.body(users),
            contentType: "multipart/mixed;boundary=x")?.statusCode
    }

    /// The next message that a phone is sent, which it answers.
    private func read(_ mesh: inout Mesh, _ phone: Phone) -> String? {
        guard let message = mesh.message(from: phone.server, toPort: phone.port, where: { $0.method == .message })
        else { return nil }
        mesh.receive(message.response(200), at: phone.server, fromPort: phone.port)
        return String(decoding: message.body, as: UTF8.self)
    }

    @Test func colleaguesAtEveryNodeAreReached() throws {
        var mesh = try Mesh.twoGateways(seed: 91)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        var carol = Phone("carol", port: 6003, server: 2)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(carol.register(&mesh, password: "pw-carol") == 200)
        #expect(write(&mesh, &alice, to: ["bob", "carol"]) == 202)
        #expect(read(&mesh, bob) == "Lunch?")
        #expect(read(&mesh, carol) == "Lunch?")
        // Nobody of that name has agreed to anything.
        #expect(write(&mesh, &alice, to: ["bob", "nobody"]) == 470)
        // A user is no service, and a node of one user knows nobody's rules but theirs.
        #expect(write(&mesh, &alice, to: ["carol"], at: "nobody") == 202)
        #expect(read(&mesh, carol) == "Lunch?")
        #expect(write(&mesh, &carol, to: ["bob"]) != 202)
    }

    @Test func whoHasNotLetTheSenderInIsNotWrittenTo() throws {
        var mesh = try Mesh.twoGateways(seed: 92)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        var client = XCAPClient("bob")
        let path = client.path("pres-rules")
        let rules = { (who: String) in
            """
            <ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:p="urn:ietf:params:xml:ns:pres-rules">\
            <rule id="a"><conditions><identity><one id="sip:\(who)@example.org"/></identity></conditions>\
            <actions><p:sub-handling>allow</p:sub-handling></actions><transformations/></rule></ruleset>
            """
        }
        let type = XCAPClient.policy
        // Written at the other gateway: this one asks for them when alice writes.
        #expect(client.perform(&mesh, at: 1, "PUT", path, type: type, body: Array(rules("carol").utf8))?.status == 201)
        #expect(write(&mesh, &alice, to: ["bob"]) == 470)
        #expect(client.perform(&mesh, at: 1, "PUT", path, type: type, body: Array(rules("alice").utf8))?.status == 200)
        mesh.run(for: .seconds(5))
        #expect(write(&mesh, &alice, to: ["bob"]) == 202)
        #expect(read(&mesh, bob) == "Lunch?")
    }
}
