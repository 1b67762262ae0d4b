import Testing

@testable import XCAP

/// Entity tags and the conditions on them (RFC 4825 §7.11, §8.2.6 and §8.5; RFC 9110 §13).
struct EntityTagTests {
    private static let old = EntityTag("old")!
    private static let new = EntityTag("new")!

    @Test(arguments: [
        ("*", true, true), ("\"new\"", true, true), ("\"old\"", false, false), ("W/\"new\"", false, true),
        ("\"old\", \"new\"", true, true), (" \"old\",W/\"new\" ,", false, true), (",\"new\"", true, true),
        ("\"\"", false, false),
    ])
    func conditionsAreRead(_ value: String, _ strongly: Bool, _ weakly: Bool) throws {
        let condition = try #require(EntityTagCondition(value))
        #expect(condition.matches(Self.new, strongly: true) == strongly)
        #expect(condition.matches(Self.new, strongly: false) == weakly)
        #expect(!condition.matches(nil, strongly: true))
        #expect(!condition.matches(nil, strongly: false))
    }

    @Test(arguments: [
        "", " ", ",", "new", "\"new", "new\"", "\"a\"\"b\"", "*, \"a\"", "\"a\", *", "w/\"a\"", "W\"a\"", "\"a b\"",
        "\"a\u{7F}\"",
        Array(repeating: "\"a\"", count: 65).joined(separator: ","),
    ])
    func whatIsNoConditionIsRefused(_ value: String) { #expect(EntityTagCondition(value) == nil) }

    struct Case: CustomTestStringConvertible, Sendable {
        var method: XCAPMethod
        var node: String?
        var ifMatch: String?
        var ifNoneMatch: String?
        var status: Int
        var testDescription: String { "\(method) \(node ?? "") \(ifMatch ?? "-") \(ifNoneMatch ?? "-")" }
    }

    /// `current` stands for the tag that the document has.
    static let cases: [Case] =
        [nil, "r/i", "r/@a"].flatMap { (node: String?) -> [Case] in
            [
                Case(method: .get, node: node, ifMatch: "current", status: 200),
                Case(method: .get, node: node, ifMatch: "*", status: 200),
                Case(method: .get, node: node, ifMatch: "\"old\"", status: 412),
                Case(method: .get, node: node, ifNoneMatch: "current", status: 304),
                Case(method: .get, node: node, ifNoneMatch: "\"old\", current", status: 304),
                Case(method: .get, node: node, ifNoneMatch: "*", status: 304),
                Case(method: .get, node: node, ifNoneMatch: "W/current", status: 304),
                Case(method: .put, node: node, ifMatch: "W/current", status: 412),
                Case(method: .get, node: node, ifNoneMatch: "\"old\"", status: 200),
                Case(method: .head, node: node, ifNoneMatch: "current", status: 304),
                Case(method: .get, node: node, ifMatch: "\"old\"", ifNoneMatch: "current", status: 412),
                Case(method: .put, node: node, ifMatch: "current", status: 200),
                Case(method: .put, node: node, ifMatch: "\"old\"", status: 412),
                Case(method: .put, node: node, ifNoneMatch: "*", status: 412),
                Case(method: .put, node: node, ifNoneMatch: "current", status: 412),
                Case(method: .put, node: node, ifNoneMatch: "\"old\"", status: 200),
                Case(method: .delete, node: node, ifMatch: "current", status: 200),
                Case(method: .delete, node: node, ifMatch: "\"old\"", status: 412),
                Case(method: .delete, node: node, ifNoneMatch: "*", status: 412),
            ]
        } + [
            // A condition is on the document, so that nothing can be inserted into one that is not there (§8.2.6).
            Case(method: .put, node: "r/k", ifNoneMatch: "*", status: 412),
            Case(method: .put, node: "r/k", ifMatch: "current", status: 201),
            Case(method: .put, node: "r/k", ifMatch: "\"old\"", status: 412),
            // What is not there is told before conditions are looked at.
            Case(method: .get, node: "r/k", ifMatch: "\"old\"", status: 404),
            Case(method: .delete, node: "r/k", ifMatch: "\"old\"", status: 404),
            Case(method: .put, node: "r/k/l", ifMatch: "\"old\"", status: 409),
        ]

    @Test(arguments: cases)
    func conditionsDecide(_ example: Case) throws {
        let text = "<r a='1'><i>x</i></r>"
        var fixture = XCAPFixture(text)
        let tag = try #require(fixture.tag())
        let fill = { (value: String?) in value?.replacing("current", with: tag.description) }
        let (type, body) =
            switch example.node {
            case nil: ("application/test+xml", "<r><i/></r>")
            case "r/@a"?: (XCAPServer.attributeType, "'2'")
            case "r/k"?: (XCAPServer.elementType, "<k/>")
            default: (XCAPServer.elementType, "<i/>")
            }
        let path = XCAPFixture.document + (example.node.map { "/~~/\($0)" } ?? "")
        let isPut = example.method == .put
        let response = fixture.send(
            example.method, path, type: isPut ? type : nil, isPut ? body : "", ifMatch: fill(example.ifMatch),
            ifNoneMatch: fill(example.ifNoneMatch))
        #expect(response.status == example.status)
        #expect((fixture.text() == text) == (example.method.isSafe || response.status >= 400))
        switch response.status {
        case 200, 201: #expect(response.entityTag == fixture.tag())
        case 304:
            #expect(response.entityTag == tag)
            #expect(response.body.isEmpty)
        default: #expect(response.entityTag == nil)
        }
    }

    @Test func documentsThatAreNotThere() {
        var fixture = XCAPFixture()
        let put = { (fixture: inout XCAPFixture, ifMatch: String?, ifNoneMatch: String?) in
            fixture.send(
                .put, XCAPFixture.document, type: "application/test+xml", "<a/>", ifMatch: ifMatch,
                ifNoneMatch: ifNoneMatch
            ).status
        }
        #expect(put(&fixture, "*", nil) == 412)
        #expect(put(&fixture, "\"a\"", nil) == 412)
        #expect(put(&fixture, nil, "\"a\"") == 201)
        #expect(put(&fixture, nil, "*") == 412)
        #expect(fixture.send(.delete, XCAPFixture.document).status == 200)
        #expect(fixture.send(.delete, XCAPFixture.document, ifMatch: "*").status == 404)
        #expect(put(&fixture, nil, "*") == 201)
    }

    /// The tag follows the content: it changes with each change, and comes back with it.
    @Test func tagsNameContent() throws {
        var fixture = XCAPFixture("<r/>")
        let first = try #require(fixture.tag())
        let second = try #require(fixture.put(attribute: "\"1\"", at: "r/@a").entityTag)
        #expect(second != first)
        #expect(fixture.get("r").entityTag == second)
        #expect(fixture.get("r/@a").entityTag == second)
        #expect(fixture.put(attribute: "'1'", at: "r/@a").entityTag != second)
        #expect(fixture.delete("r/@a").entityTag == first)
        #expect(fixture.text() == "<r/>")
    }

    @Test func tagsAreQuotedHexadecimal() {
        #expect(EntityTag(digest: [0x0F, 0xA0]).description == "\"0fa0\"")
        #expect(EntityTag(digest: Array(repeating: 0, count: 99)).opaque.utf8.count == 64)
        #expect(EntityTag("a\"b") == nil)
        #expect(EntityTag(String(repeating: "a", count: 257)) == nil)
    }
}
