import Testing
import XMLTree

@testable import XCAP

/// Random requests about random documents: what holds of each of them.
struct PropertyTests {
    /// What was put can be fetched, what was deleted is gone, and nothing else has changed (RFC 4825 §7, §8.2 and §8.4).
    @Test(arguments: 0..<6)
    func editsOfAnyDocument(_ seed: UInt64) throws {
        var markup = RandomMarkup(seed: seed)
        var counts: [Int: Int] = [:]
        for _ in 0..<25 {
            var fixture = XCAPFixture(markup.document())
            for _ in 0..<8 {
                let before = try #require(fixture.text())
                let node = markup.selector(in: try DocumentMarkup(Array(before.utf8)).root)
                let response: XCAPResponse
                let isAttribute = node.contains("/@")
                if markup.chance(60) {
                    let body = isAttribute ? markup.literal() : markup.element(depth: 2)
                    response =
                        isAttribute ? fixture.put(attribute: body, at: node) : fixture.put(element: body, at: node)
                    try checkPut(of: body, at: node, response, &fixture, before: before)
                } else {
                    response = fixture.delete(node)
                    try checkDeletion(of: node, response, &fixture, before: before)
                }
                counts[response.status, default: 0] += 1
                let bytes = Array(try #require(fixture.text()).utf8)
                let parsed = try XMLDocument(parsing: bytes)
                MarkupScannerTests.compare(try DocumentMarkup(bytes).root, parsed.root)
            }
        }
        // Of each kind there were some.
        for status in [200, 201, 404, 409] { #expect(counts[status, default: 0] > 4) }
    }

    private func checkPut(
        of body: String, at node: String, _ response: XCAPResponse, _ fixture: inout XCAPFixture, before: String
    ) throws {
        let after = try #require(fixture.text())
        guard response.status < 300 else {
            #expect(after == before)
            return
        }
        #expect(fixture.get(node).text == body)
        #expect(response.entityTag == fixture.tag())
        if response.status == 201 { #expect(Self.isInsertion(into: Array(before.utf8), giving: Array(after.utf8))) }
        #expect(after.contains(body))
        #expect(
            fixture.send(
                .put, "\(XCAPFixture.document)/~~/\(node)",
                type: node.contains("/@") ? XCAPServer.attributeType : XCAPServer.elementType, body
            ).status == 200)
        #expect(fixture.text() == after)
    }

    private func checkDeletion(
        of node: String, _ response: XCAPResponse, _ fixture: inout XCAPFixture, before: String
    ) throws {
        let after = try #require(fixture.text())
        guard response.status < 300 else {
            #expect(after == before)
            return
        }
        #expect(fixture.get(node).status == 404)
        #expect(Self.isInsertion(into: Array(after.utf8), giving: Array(before.utf8)))
    }

    /// Whether one text becomes the other by putting a single piece in; an empty-element tag may be opened for it.
    private static func isInsertion(into shorter: [UInt8], giving longer: [UInt8]) -> Bool {
        let front = zip(shorter, longer).prefix { $0 == $1 }.count
        let back = zip(shorter.reversed(), longer.reversed()).prefix { $0 == $1 }.count
        return shorter.count < longer.count && front + back >= shorter.count - 1
    }

    /// A resource list stays one, whatever is asked of it.
    @Test(arguments: 0..<6)
    func resourceListsStayValid(_ seed: UInt64) throws {
        var markup = RandomMarkup(seed: seed)
        var fixture = XCAPFixture()
        fixture.store(ResourceListsTests.document("<list name='1'/>"), at: ResourceListsTests.path)
        let elements = [
            "<list name='1'/>", "<list name='2'><display-name>x</display-name></list>", "<entry uri='1'/>",
            "<entry uri='2'><x/></entry>",
            "<list><entry uri='1'/></list>", "<external anchor='http://a'/>", "<entry-ref ref='a'/>",
            "<x:y xmlns:x='u'/>",
            "<display-name>y</display-name>", "<entry/>", "<list><list name='1'/><list name='1'/></list>",
        ]
        var counts: [String: Int] = [:]
        for _ in 0..<300 {
            var node = "resource-lists"
            for _ in 0..<Int.random(in: 1...3, using: &markup.random) {
                node +=
                    "/"
                    + markup.pick([
                        "list", "list%5B1%5D", "list%5B2%5D", "*%5B1%5D", "entry", "entry%5B@uri='1'%5D",
                        "list%5B@name='1'%5D", "display-name", "external", "*%5B2%5D",
                    ])
            }
            if markup.chance(20) { node += "/@" + markup.pick(["name", "uri", "anchor", "ref", "other"]) }
            let path = "\(ResourceListsTests.path)/~~/\(node)"
            let response: XCAPResponse
            if markup.chance(70) {
                let isAttribute = node.contains("/@")
                response = fixture.send(
                    .put, path, type: isAttribute ? XCAPServer.attributeType : XCAPServer.elementType,
                    isAttribute ? markup.pick(["'1'", "'2'", "'http://b'"]) : markup.pick(elements))
            } else {
                response = fixture.send(.delete, path)
            }
            counts[response.condition ?? "\(response.status)", default: 0] += 1
            let bytes = Array(try #require(fixture.text(at: ResourceListsTests.path)).utf8)
            try ResourceListsSchema.schema.validate(bytes)
            try ResourceListsUsage().checkConstraints(
                try XMLDocument(parsing: bytes).root,
                in: ValidationContext(
                    selector: try #require(
                        DocumentSelector(auid: "resource-lists", tree: .user(XCAPFixture.joe), path: ["index"])),
                    root: fixture.server.root, isTaken: { _ in false }))
        }
        for outcome in ["201", "404", "cannot-insert", "no-parent", "schema-validation-error"] {
            #expect(counts[outcome, default: 0] > 0, "never: \(outcome)")
        }
    }
}
