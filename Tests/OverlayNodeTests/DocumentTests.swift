import OverlayNode
import Primitives
import Testing

/// Documents over XCAP at two gateways of a domain.
@Suite struct DocumentTests {
    @Test func aDocumentIsTheSameAtEveryGateway() throws {
        var mesh = try Mesh.twoGateways(seed: 21)
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("bob")
        let put = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: list)
        #expect(put?.status == 201)
        let there = alice.perform(&mesh, at: 1, "GET", alice.path())
        #expect(there?.status == 200 && there?.body == list)
        #expect(there?.tag != nil && there?.tag == put?.tag)

        // A node of the document is changed at the other gateway, and the watch brings it back.
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
        #expect(text(back).contains("carol"))

        let directory = alice.perform(
            &mesh, at: 0, "GET", alice.path("org.openmobilealliance.xcap-directory", "directory.xml"))
        #expect(text(directory).contains("resource-lists/users"))
        #expect(mesh.answers.values.allSatisfy { $0.count == 1 })
    }

    @Test func ofTwoWritersAtOnceOneLearnsThatItWasSlower() throws {
        for seed in UInt64(30)..<36 {
            var mesh = try Mesh.twoGateways(seed: seed)
            var alice = XCAPClient("alice")
            var desk = XCAPClient("alice")
            let first = alice.perform(
                &mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: XCAPClient.list())
            let tag = try #require(first?.tag)
            #expect(desk.perform(&mesh, at: 1, "GET", desk.path())?.tag == tag)
            let condition = [("if-match", tag)]
            let bob = XCAPClient.list("bob")
            let carol = XCAPClient.list("carol")
            let a = alice.send(
                &mesh, at: 0, "PUT", alice.path(), fields: condition, type: XCAPClient.lists, body: bob)
            mesh.run(for: .milliseconds(Int(seed - 30) * 3))
            let b = desk.send(&mesh, at: 1, "PUT", desk.path(), fields: condition, type: XCAPClient.lists, body: carol)
            let statuses = [mesh.answer(a)?.status, mesh.answer(b)?.status]
            #expect(statuses == [200, 412] || statuses == [412, 200], "seed \(seed): \(statuses)")
            mesh.run(for: .seconds(2))
            let winner = statuses[0] == 200 ? bob : carol
            for gateway in 0...1 {
                #expect(alice.perform(&mesh, at: gateway, "GET", alice.path())?.body == winner)
            }
        }
    }

    @Test func changesOfNodesAtOnceAreBothMade() throws {
        var mesh = try Mesh.twoGateways(seed: 40)
        var alice = XCAPClient("alice")
        _ = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: XCAPClient.list())
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
            let text = text(alice.perform(&mesh, at: gateway, "GET", alice.path()))
            #expect(["bob", "carol", "dave"].allSatisfy { text.contains($0) }, "\(text)")
        }
    }

    @Test func aDeletedDocumentIsGoneAndCanBeMadeAgain() throws {
        var mesh = try Mesh.twoGateways(seed: 22)
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("bob")
        _ = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: list)
        #expect(alice.perform(&mesh, at: 1, "DELETE", alice.path())?.status == 200)
        mesh.run(for: .seconds(1))
        #expect(alice.perform(&mesh, at: 0, "GET", alice.path())?.status == 404)
        // A gateway that comes back knows of no tombstone at first.
        mesh.kill(0)
        try mesh.restart(0)
        mesh.run(for: .seconds(3))
        let put = alice.perform(
            &mesh, at: 0, "PUT", alice.path(), fields: [("if-none-match", "*")], type: XCAPClient.lists, body: list)
        #expect(put?.status == 201)
        #expect(alice.perform(&mesh, at: 1, "GET", alice.path())?.body == list)
    }

    @Test func documentsOutliveTheGatewayThatTookThem() throws {
        var mesh = try Mesh.twoGateways(seed: 23)
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("bob")
        _ = alice.perform(&mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: list)
        mesh.kill(0)
        mesh.run(for: .seconds(5))
        #expect(alice.perform(&mesh, at: 1, "GET", alice.path())?.body == list)
        try mesh.restart(0)
        mesh.run(for: .seconds(5))
        #expect(alice.perform(&mesh, at: 0, "GET", alice.path())?.body == list)
    }

    @Test func nodesThatStoreADocumentLearnNothingOfIt() throws {
        var mesh = try Mesh.twoGateways(seed: 24)
        var alice = XCAPClient("alice")
        _ = alice.perform(
            &mesh, at: 0, "PUT", alice.path(), type: XCAPClient.lists, body: XCAPClient.list("bob-the-builder"))
        mesh.run(for: .seconds(1))
        // Everything but the carol's node, which can't open it, is a gateway here.
        let records = mesh.members[2].journal[.record] ?? [:]
        let held = records.values.filter { Array($0.dropFirst().prefix(3)) == [1, 0, 4] }
        #expect(held.count == 1)
        for bytes in held {
            for secret in ["resource-lists", "index", "bob-the-builder", "friends"] {
                #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
            }
        }
    }

    @Test func aPathOfAnyLengthIsNotTaken() throws {
        var mesh = try Mesh.twoGateways(seed: 25)
        var alice = XCAPClient("alice")
        let long = alice.path("resource-lists", String(repeating: "x", count: 1_000))
        #expect(alice.perform(&mesh, at: 0, "GET", long)?.status == 414)
    }

    @Test func whoWaitsIsAnsweredBeforeTheNodeGoes() throws {
        var mesh = try Mesh.twoGateways(seed: 28)
        var alice = XCAPClient("alice")
        let waiting = alice.send(&mesh, at: 1, "GET", alice.path())
        mesh.cut(1)
        mesh.handle(.stop, at: 1)
        let late = mesh.call(XCAPClient.call("GET", alice.path()), at: 1)
        #expect(mesh.answers[late]?.map(\.status) == [503])
        mesh.run(until: { !$0.members[1].isAlive }, within: .seconds(5))
        #expect(mesh.answers[waiting]?.map(\.status) == [503])
    }

    private func text(_ answer: XCAPAnswer?) -> String { String(decoding: answer?.body ?? [], as: UTF8.self) }

    @Test func aGatewayThatReachesNobodySaysSo() throws {
        var mesh = try Mesh.twoGateways(seed: 26)
        var alice = XCAPClient("alice")
        mesh.cut(1)
        mesh.run(for: .minutes(30))
        let answer = alice.perform(
            &mesh, at: 1, "PUT", alice.path(), type: XCAPClient.lists, body: XCAPClient.list("bob"))
        #expect(answer?.status == 503)
        #expect(answer?.fields.contains { $0.name == "Retry-After" } == true)
        mesh.cut(1, false)
        mesh.run(for: .minutes(5))
        let put = alice.perform(
            &mesh, at: 1, "PUT", alice.path(), type: XCAPClient.lists, body: XCAPClient.list("bob"))
        #expect(put?.status == 201)
    }

    @Test func anOverlayOfOneStoresByItself() throws {
        var mesh = Mesh(seed: 27)
        let index = try mesh.add(isGateway: true)
        _ = mesh.ask(.domainCreate(name: "example.org"), at: index)
        _ = mesh.ask(.userAdd(addressOfRecord: "alice@example.org", password: "pw-alice"), at: index)
        try mesh.restart(index)
        mesh.run(for: .seconds(1))
        var alice = XCAPClient("alice")
        let list = XCAPClient.list("bob")
        #expect(alice.perform(&mesh, at: index, "PUT", alice.path(), type: XCAPClient.lists, body: list)?.status == 201)
        #expect(alice.perform(&mesh, at: index, "GET", alice.path())?.body == list)
        try mesh.restart(index)
        mesh.run(for: .seconds(1))
        #expect(alice.perform(&mesh, at: index, "GET", alice.path())?.body == list)
    }
}
