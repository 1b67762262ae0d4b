import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Documents that are larger than a record, at two gateways.
@Suite struct DocumentPartsTests {
    private static let kinds = (document: [UInt8](arrayLiteral: 1, 0, 4), part: [UInt8](arrayLiteral: 1, 0, 8))

    /// The records of a kind that a member holds (docs/protocol.md §4.3).
    private func held(_ mesh: Mesh, at index: Int, _ kind: [UInt8]) -> [[UInt8]] {
        (mesh.members[index].journal[.record] ?? [:]).values.filter { Array($0.dropFirst().prefix(3)) == kind }
    }

    @Test func aLargeDocumentIsTheSameAtEveryGateway() throws {
        var mesh = try Mesh.twoGateways(seed: 91)
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("bob", paddedTo: 200 << 10)
        let put = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: list)
        #expect(put?.status == 201)
        let there = alice.perform(&mesh, at: 1, "GET", alice.path())
        #expect(there?.status == 200 && there?.body == list)
        #expect(there?.tag == put?.tag)
        // Storing nodes see parts, and neither what they are nor what they are of.
        let parts = held(mesh, at: 2, Self.kinds.part)
        #expect(parts.count == 14)
        #expect(held(mesh, at: 2, Self.kinds.document).count == 1)
        for bytes in parts { #expect(bytes.firstRange(of: Array("resource-lists".utf8)) == nil) }

        // An edit at the other gateway makes another version, which the watch tells of.
        let entry = #"<entry uri="sip:carol@example.org"/>"#
        let changed = alice.perform(
            &mesh, at: 1, "PUT",
            alice.path()
                + "/~~/resource-lists/list%5B@name=%22friends%22%5D/entry%5B@uri=%22sip:carol@example.org%22%5D",
            type: "application/xcap-el+xml", body: Array(entry.utf8))
        #expect(changed?.status == 201)
        mesh.run(for: .seconds(1))
        let back = alice.perform(&mesh, at: 0, "GET", alice.path())
        #expect(back?.tag == changed?.tag)
        #expect(back?.body.count == list.count + entry.utf8.count)

        // Smaller again, it is one record, and a gateway that comes back finds it.
        let small = XCAPClient.list("dave")
        #expect(alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: small)?.status == 200)
        mesh.kill(1)
        try mesh.restart(1)
        mesh.run(for: .seconds(5))
        #expect(alice.perform(&mesh, at: 1, "GET", alice.path())?.body == small)
        #expect(held(mesh, at: 2, Self.kinds.part).allSatisfy { $0.count < 1_000 })
    }

    @Test func anIconIsThereForEverybody() throws {
        var mesh = try Mesh.twoGateways(seed: 92)
        var alice = XCAPClient("alice")
        let icon =
            #"<content xmlns="urn:oma:xml:prs:pres-content"><mime-type>image/png</mime-type><encoding>base64</encoding>"#
            + "<data>\(String(repeating: "iVBORw0K", count: 15_000))</data></content>"
        let path = alice.path("org.openmobilealliance.pres-content", "oma_status-icon/me")
        let put = alice.perform(
            &mesh, at: 0, "PUT", path, type: "application/vnd.oma.pres-content+xml", body: Array(icon.utf8))
        #expect(put?.status == 201)
        let id = mesh.call(XCAPClient.call("GET", path), at: 1)
        #expect(mesh.answer(id)?.body == Array(icon.utf8))
    }

    @Test func ofTwoWritersAtOnceOneWinsWholly() throws {
        for seed in UInt64(93)..<97 {
            var mesh = try Mesh.twoGateways(seed: seed)
            var alice = XCAPClient("alice")
            var desk = XCAPClient("alice")
            let first = alice.perform(
                &mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists,
                body: XCAPClient.list("x", paddedTo: 40 << 10))
            let tag = try #require(first?.tag)
            #expect(desk.perform(&mesh, at: 1, "GET", desk.path())?.tag == tag)
            let bodies = ["bob", "carol"].map { XCAPClient.list($0, paddedTo: 60 << 10) }
            let a = alice.send(
                &mesh, at: 0, "PUT", alice.path(), fields: [("if-match", tag)], type: XCAPClient.lists, body: bodies[0])
            mesh.run(for: .milliseconds(Int(seed - 93) * 7))
            let b = desk.send(
                &mesh, at: 1, "PUT", desk.path(), fields: [("if-match", tag)], type: XCAPClient.lists, body: bodies[1])
            let statuses = [mesh.answer(a)?.status, mesh.answer(b)?.status]
            #expect(statuses == [200, 412] || statuses == [412, 200], "seed \(seed): \(statuses)")
            mesh.run(for: .seconds(2))
            for gateway in 0...1 {
                let body = alice.perform(&mesh, at: gateway, "GET", alice.path())?.body
                #expect(body == bodies[statuses[0] == 200 ? 0 : 1])
            }
        }
    }

    @Test func changesOfPartsOfALargeDocumentAtOnceAreBothMade() throws {
        var mesh = try Mesh.twoGateways(seed: 97)
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("x", paddedTo: 60 << 10)
        _ = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: list)
        _ = alice.perform(&mesh, at: 1, "GET", alice.path())
        var calls: [XCAPCallID] = []
        for (gateway, user) in [(0, "bob"), (1, "carol"), (0, "dave")] {
            let path =
                alice.path()
                + "/~~/resource-lists/list%5B@name=%22friends%22%5D/entry%5B@uri=%22sip:\(user)@example.org%22%5D"
            calls.append(
                alice.send(
                    &mesh, at: gateway, "PUT", path, type: "application/xcap-el+xml",
                    body: Array(#"<entry uri="sip:\#(user)@example.org"/>"#.utf8)))
        }
        for call in calls { #expect(mesh.answer(call)?.status == 201) }
        mesh.run(for: .seconds(1))
        for gateway in 0...1 {
            let body = alice.perform(&mesh, at: gateway, "GET", alice.path())?.body ?? []
            let text = String(decoding: body, as: UTF8.self)
            #expect(["bob", "carol", "dave"].allSatisfy { text.contains($0) })
        }
    }

    @Test func listsInLargeDocumentsAreServed() throws {
        var mesh = try Mesh.twoGateways(seed: 98)
        var client = XCAPClient("alice")
        #expect(
            client.perform(
                &mesh, at: 0, "PUT", client.path(), type: XCAPClient.lists,
                body: XCAPClient.list("bob", paddedTo: 40 << 10))?.status == 201)
        let uri =
            "https://xcap.example.org/xcap\(client.path())/~~/resource-lists/list%5B@name=%22friends%22%5D"
        let services = """
            <rls-services xmlns="urn:ietf:params:xml:ns:rls-services"><service uri="sip:buddies@example.org">\
            <resource-list>\(uri)</resource-list></service></rls-services>
            """
        #expect(
            client.perform(
                &mesh, at: 0, "PUT", client.path("rls-services"), type: "application/rls-services+xml",
                body: Array(services.utf8))?.status == 201)
        var alice = ListPhone("alice", port: 6001, server: 1)
        try alice.register(&mesh)
        #expect(alice.subscribe(&mesh, to: "buddies") == 200)
        #expect(alice.listen(&mesh) { Set($0.members.keys) == ["sip:bob@example.org"] }, "\(alice.members)")
        _ = client.perform(
            &mesh, at: 0, "PUT", client.path(), type: XCAPClient.lists,
            body: XCAPClient.list("carol", paddedTo: 50 << 10))
        #expect(alice.listen(&mesh) { Set($0.members.keys) == ["sip:carol@example.org"] }, "\(alice.members)")
    }
}
