import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Lists that users define over XCAP, and subscriptions to them.
@Suite struct DocumentListsTests {
    private static let root = "https://xcap.example.org/xcap"
    private static let friends = "list%5B@name=%22friends%22%5D"

    @Test func aListIsServedAndFollowsItsDocuments() throws {
        var mesh = try Mesh.twoGateways(seed: 81)
        var carol = Phone("carol", port: 6003, server: 2)
        var bob = Phone("bob", port: 6002, server: 1)
        var alice = ListPhone("alice", port: 6001, server: 0)
        try alice.register(&mesh)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        #expect(carol.register(&mesh, password: "pw-carol") == 200)
        publish(&mesh, &bob, "here")
        // The documents are written at the other gateway: this one reads them when they are asked for.
        var client = XCAPClient("alice")
        #expect(put(&mesh, &client, at: 1, list: ["bob"]) == 201)
        #expect(put(&mesh, &client, at: 1, services: reference(to: Self.friends)) == 201)
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
        #expect(alice.listen(&mesh) { $0.members == [bob.address: "active here"] }, "\(alice.members)")

        // A member's state changes at the other gateway.
        publish(&mesh, &bob, "away")
        #expect(alice.listen(&mesh) { $0.members == [bob.address: "active away"] }, "\(alice.members)")

        // The list changes at the other gateway; its new member is at a node of its own.
        publish(&mesh, &carol, "at home")
        #expect(put(&mesh, &client, at: 1, list: ["carol"]) == 200)
        #expect(alice.listen(&mesh) { $0.members == [carol.address: "active at home"] }, "\(alice.members)")
        #expect(!alice.isEnded)

        // A gateway that comes back goes on with the list, and with what becomes of it.
        mesh.kill(0)
        mesh.run(for: .seconds(1))
        #expect(put(&mesh, &client, at: 1, list: ["bob", "carol"]) == 200)
        try mesh.restart(0)
        #expect(alice.listen(&mesh, for: .minutes(1)) { $0.members.count == 2 }, "\(alice.members)")
        publish(&mesh, &carol, "out")
        #expect(
            alice.listen(&mesh, for: .minutes(1)) {
                $0.members == [bob.address: "active away", carol.address: "active out"]
            }, "\(alice.members)")
        #expect(!alice.isEnded)

        // A list that is no more ends its subscription.
        #expect(client.perform(&mesh, at: 1, "DELETE", client.path("rls-services"))?.status == 200)
        #expect(alice.listen(&mesh) { $0.isEnded })
    }

    @Test func referencesAreFollowedWithinTheUsersOwnDocuments() throws {
        var mesh = try Mesh.twoGateways(seed: 82)
        var alice = ListPhone("alice", port: 6001, server: 0)
        try alice.register(&mesh)
        var client = XCAPClient("alice")
        var other = XCAPClient("bob")
        #expect(put(&mesh, &other, at: 0, list: ["dave"]) == 201)
        let own = "resource-lists/users/sip:alice@example.org/index/~~/resource-lists/"
        let others = "resource-lists/users/sip:bob@example.org/index/~~/resource-lists/\(Self.friends)"
        let lists = """
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">\
            <list name="friends"><entry uri="sip:bob@example.org"/><list><entry uri="sip:carol@example.org"/></list>\
            <external anchor="\(Self.root)/\(own)list%5B@name=%22work%22%5D"/>\
            <external anchor="\(Self.root)/\(others)"/><external anchor="https://elsewhere.example/list"/></list>\
            <list name="work"><entry-ref ref="\(own)list%5B@name=%22all%22%5D/entry"/>\
            <external anchor="\(Self.root)/\(own)\(Self.friends)"/></list>\
            <list name="all"><entry uri="sip:erin@example.org"/></list></resource-lists>
            """
        let status = client.perform(
            &mesh, at: 0, "PUT", client.path(), type: XCAPClient.lists, body: Array(lists.utf8))?.status
        #expect(status == 201)
        #expect(put(&mesh, &client, at: 0, services: reference(to: Self.friends)) == 201)
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
        let expected: Set = ["sip:bob@example.org", "sip:carol@example.org", "sip:erin@example.org"]
        #expect(alice.listen(&mesh) { Set($0.members.keys) == expected }, "\(alice.members)")
    }

    /// Each gateway has a root of its own, or none: the references in the documents are the same.
    @Test func aGatewayThatServesNoXCAPFollowsReferencesToo() throws {
        var mesh = try Mesh.twoGateways(seed: 87)
        mesh.configure(1) { $0.xcapRoot = nil }
        try mesh.restart(1)
        mesh.run(for: .seconds(5))
        var client = XCAPClient("alice")
        #expect(put(&mesh, &client, at: 0, list: ["bob", "carol"]) == 201)
        #expect(put(&mesh, &client, at: 0, services: reference(to: Self.friends)) == 201)
        var alice = ListPhone("alice", port: 6001, server: 1)
        try alice.register(&mesh)
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
        let expected: Set = ["sip:bob@example.org", "sip:carol@example.org"]
        #expect(alice.listen(&mesh) { Set($0.members.keys) == expected }, "\(alice.members)")
    }

    @Test func whatIsNoListIsServedAsNone() throws {
        var mesh = try Mesh.twoGateways(seed: 83)
        var alice = ListPhone("alice", port: 6001, server: 0)
        try alice.register(&mesh)
        var client = XCAPClient("alice")
        let inner = #"<list><rl:entry uri="sip:carol@example.org"/></list>"#
        // A reference to another's lists, or to the web, is not taken; nor is the name of a user.
        let foreign = "\(Self.root)/resource-lists/users/sip:bob@example.org/index/~~/resource-lists/\(Self.friends)"
        for list in [foreign, "https://elsewhere.example/resource-lists/users/sip:alice@example.org/index"] {
            let services = services("buddies", "<resource-list>\(list)</resource-list>")
            #expect(put(&mesh, &client, at: 0, services: services) == 409)
        }
        #expect(put(&mesh, &client, at: 0, services: services("bob", inner)) == 409)
        // A list that is not where the service says is the gateway's trouble, not the client's.
        #expect(put(&mesh, &client, at: 0, services: reference(to: Self.friends)) == 201)
        #expect(alice.subscribe(&mesh, to: "buddies") == 502)
        #expect(put(&mesh, &client, at: 0, list: ["bob"]) == 201)
        #expect(alice.subscribe(&mesh, to: "buddies", supporting: "path") == 421)
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
        // For anybody else there is no list.
        var bob = ListPhone("bob", port: 6002, server: 0)
        try bob.register(&mesh)
        #expect(bob.subscribe(&mesh, to: "buddies") == 200)
        #expect(!bob.listen(&mesh, for: .seconds(3)) { !$0.members.isEmpty })
    }

    @Test func aUserWhoComesLaterHasTheirNameBack() throws {
        var mesh = try Mesh.twoGateways(seed: 84)
        var client = XCAPClient("alice")
        let inner = #"<list><rl:entry uri="sip:carol@example.org"/></list>"#
        #expect(put(&mesh, &client, at: 0, services: services("dave", inner)) == 201)
        _ = mesh.ask(.userAdd(addressOfRecord: "dave@example.org", password: "pw-dave"), at: 0)
        mesh.run(for: .seconds(2))
        try mesh.restart(1)
        mesh.run(for: .seconds(5))
        var alice = ListPhone("alice", port: 6001, server: 1)
        try alice.register(&mesh)
        #expect(alice.subscribe(&mesh, to: "dave") == 200)
        #expect(!alice.listen(&mesh, for: .seconds(3)) { !$0.members.isEmpty })
    }

    @Test func whoCannotReadTheListsSaysSo() throws {
        var mesh = try Mesh.twoGateways(seed: 85)
        var alice = ListPhone("alice", port: 6001, server: 1)
        try alice.register(&mesh)
        var client = XCAPClient("alice")
        #expect(put(&mesh, &client, at: 0, services: services("buddies", "<list/>")) == 201)
        mesh.cut(1)
        mesh.run(for: .minutes(30))
        #expect(alice.subscribe(&mesh, to: "buddies") == 503)
        mesh.cut(1, false)
        mesh.run(for: .minutes(5))
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
    }

    @Test func optionsTellOfLists() throws {
        var mesh = try Mesh.twoGateways(seed: 86)
        var phone = Phone("alice", port: 6001, server: 0)
        // Over UDP an answer is no larger than what asked for it.
        let padding = [(HeaderName.subject, String(repeating: "x", count: 300))]
        mesh.receive(
            phone.request(.options, to: SIPURI("sip:example.org")!, headers: padding), at: 0, fromPort: phone.port)
        let response = phone.final(&mesh)
        #expect(response?.statusCode == 200)
        #expect(
            try response?.supported == [
                "path", "outbound", "gruu", "eventlist", "recipient-list-subscribe", "recipient-list-message",
            ])
        #expect(try response?.allowEvents.contains("presence") == true)
    }

    // MARK: Documents

    private func publish(_ mesh: inout Mesh, _ phone: inout Phone, _ note: String) {
        let response = phone.perform(
            &mesh, .publish, to: phone.uri, password: "pw-\(phone.user)",
            headers: [(.event, "presence"), (.expires, "3600")],
            body: Phone.presence(phone.user, "open", note: note, tuple: "t1"), contentType: "application/pidf+xml")
        #expect(response?.statusCode == 200)
    }

    private func put(_ mesh: inout Mesh, _ client: inout XCAPClient, at index: Int, list users: [String]) -> Int? {
        let entries = users.map { #"<entry uri="sip:\#($0)@example.org"/>"# }.joined()
        let body =
            #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends">\#(entries)</list></resource-lists>"#
        return client.perform(&mesh, at: index, "PUT", client.path(), type: XCAPClient.lists, body: Array(body.utf8))?
            .status
    }

    private func put(_ mesh: inout Mesh, _ client: inout XCAPClient, at index: Int, services: String) -> Int? {
        client.perform(
            &mesh, at: index, "PUT", client.path("rls-services"), type: "application/rls-services+xml",
            body: Array(services.utf8))?.status
    }

    private func services(_ name: String, _ source: String) -> String {
        """
        <rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists">\
        <service uri="sip:\(name)@example.org">\(source)<packages><package>presence</package></packages></service>\
        </rls-services>
        """
    }

    /// The service `buddies`, whose list is one of alice's resource lists.
    private func reference(to list: String) -> String {
        let uri = "\(Self.root)/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/\(list)"
        return services("buddies", "<resource-list>\(uri)</resource-list>")
    }
}

extension Phone {
    fileprivate var address: String { "sip:\(user)@example.org" }
}
