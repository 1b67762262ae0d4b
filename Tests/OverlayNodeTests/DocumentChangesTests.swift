import OverlayNode
import Primitives
import SIPMessages
import Testing
import XMLTree

/// Phones that are told of changes of their user's documents, whichever gateway they are made at (RFC 5875).
@Suite struct DocumentChangesTests {
    /// A phone of alice's, and what it was told: each resource with its entity tags and what is in it.
    private struct Subscriber {
        var phone = Phone("alice", port: 6001, server: 0)
        var told: [String] = []

        mutating func subscribe(_ mesh: inout Mesh, to uris: [String], mode: String, expires: Int = 600) -> SIPMessage?
        {
            let entries = uris.map { #"<entry uri="\#($0)"/>"# }.joined()
            return phone.perform(
                &mesh, .subscribe, to: phone.uri, password: "pw-alice",
                headers: [
                    (.event, "xcap-diff;diff-processing=\(mode)"), (.expires, "\(expires)"),
                    (.contact, phone.contact), (.accept, "application/xcap-diff+xml"),
                ],
                body: Array(
                    #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>\#(entries)</list></resource-lists>"#
                        .utf8),
                contentType: "application/resource-lists+xml")
        }

        /// Takes the next NOTIFY.
        mutating func listen(_ mesh: inout Mesh, within limit: Interval = .seconds(20)) -> [String]? {
            let notify = mesh.message(from: phone.server, toPort: phone.port, within: limit) { $0.method == .notify }
            guard let notify else { return nil }
            mesh.receive(notify.response(200), at: phone.server, fromPort: phone.port)
            let root = try? XMLDocument(parsing: notify.body).root
            return (root?.elements ?? []).map { element in
                let attributes = ["sel", "previous-etag", "new-etag", "exists"].map {
                    element[attribute: XMLName($0)].map { String($0.suffix(70)) } ?? "-"
                }
                return (attributes + element.elements.map(\.name.local)).joined(separator: " ")
            }
        }
    }

    private static let index = "resource-lists/users/sip:alice@example.org/index"
    private static let friends = "\(index)/~~/resource-lists/list%5B@name=%22friends%22%5D"

    /// The tag as it stands in documents of the package.
    private func opaque(_ answer: XCAPAnswer?) -> String { String((answer?.tag ?? "?").dropFirst().dropLast()) }

    private func put(_ mesh: inout Mesh, _ client: inout XCAPClient, at index: Int, _ body: [UInt8]) -> String {
        opaque(client.perform(&mesh, at: index, "PUT", client.path(), type: XCAPClient.lists, body: body))
    }

    @Test func changesAtAnyGatewayAreToldAtThisOne() throws {
        var mesh = try Mesh.twoGateways(seed: 95)
        var subscriber = Subscriber()
        #expect(subscriber.phone.register(&mesh, password: "pw-alice") == 200)
        var client = XCAPClient("alice")
        let first = put(&mesh, &client, at: 1, XCAPClient.list("bob", "carol"))
        let uris = [
            Self.index, Self.friends, "\(Self.friends)/@name", "resource-lists/users/sip:bob@example.org/index",
        ]
        let response = subscriber.subscribe(&mesh, to: uris, mode: "aggregate")
        #expect(response?.statusCode == 200)
        #expect(try response?.allowEvents.contains("xcap-diff") == true)
        #expect(
            subscriber.listen(&mesh) == [
                "\(Self.index) - \(first) -", "\(Self.friends.suffix(70)) - - - list",
                "\("\(Self.friends)/@name".suffix(70)) - - -",
            ])

        // A change at the other gateway comes as a patch, and with the element as it is now.
        let second = put(&mesh, &client, at: 1, XCAPClient.list("bob", "carol", "dave"))
        #expect(
            subscriber.listen(&mesh) == [
                "\(Self.index) \(first) \(second) - add", "\(Self.friends.suffix(70)) - - - list",
            ])

        // Killed and started again, this gateway goes on, and tells what changed meanwhile.
        mesh.kill(0)
        let third = put(&mesh, &client, at: 1, XCAPClient.list("carol"))
        try mesh.restart(0)
        // It may be the former state first, of which a node's own copy tells.
        var told: [String] = []
        while let next = subscriber.listen(&mesh, within: .minutes(1)) {
            told = next
            if told.contains(where: { $0.contains(third) }) { break }
        }
        #expect(told.contains { $0.hasPrefix("\(Self.index) ") && $0.contains(" \(third) ") }, "\(told)")

        // Of what is gone it is said that it is.
        #expect(client.perform(&mesh, at: 0, "DELETE", client.path())?.status == 200)
        #expect(
            subscriber.listen(&mesh).map(Set.init) == [
                "\(Self.index) \(third) - -", "\(Self.friends.suffix(70)) - - 0",
                "\("\(Self.friends)/@name".suffix(70)) - - 0",
            ])
    }

    @Test func aCollectionIsToldWhole() throws {
        var mesh = try Mesh.twoGateways(seed: 96)
        var subscriber = Subscriber()
        #expect(subscriber.phone.register(&mesh, password: "pw-alice") == 200)
        #expect(
            subscriber.subscribe(&mesh, to: ["resource-lists/users/sip:alice@example.org/"], mode: "x")?.statusCode
                == 200)
        #expect(subscriber.listen(&mesh) == [])
        var client = XCAPClient("alice")
        // Larger than a record: its parts are fetched before it is told of.
        let tag = put(&mesh, &client, at: 1, XCAPClient.list("bob", paddedTo: 40 << 10))
        #expect(subscriber.listen(&mesh) == ["\(Self.index) - \(tag) -"])
        let next = put(&mesh, &client, at: 1, XCAPClient.list("carol", paddedTo: 40 << 10))
        #expect(subscriber.listen(&mesh) == ["\(Self.index) \(tag) \(next) -"])
    }
}
