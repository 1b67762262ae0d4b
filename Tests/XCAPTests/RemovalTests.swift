import Testing

@testable import XCAP

/// DELETE of elements (RFC 4825 §7.5 and §8.4).
struct RemovalTests {
    private static let document = "<a>\n <b n='1'/>\n <b n='2'>x</b><!-- c -->\n <c/> \n</a>"

    @Test(arguments: [
        ("a/c", "<c/>"), ("a/b%5B2%5D", "<b n='2'>x</b>"), ("a/b%5B@n='1'%5D", "<b n='1'/>"), ("a/*%5B3%5D", "<c/>"),
        ("a/*%5B1%5D%5B@n='1'%5D", "<b n='1'/>"), ("a/b%5B1%5D%5B@n='1'%5D", "<b n='1'/>"),
        ("a/*%5B@n='2'%5D", "<b n='2'>x</b>"),
    ])
    func takesOutTheElementAndNothingElse(_ node: String, _ element: String) {
        var fixture = XCAPFixture(Self.document)
        let response = fixture.delete(node)
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
        #expect(response.entityTag == fixture.tag())
        #expect(fixture.text() == Self.document.replacing(element, with: ""))
        #expect(fixture.get(node).status == 404)
        #expect(fixture.delete(node).status == 404)
    }

    /// A position is deleted only where nothing moves up into it (§7.5).
    @Test(arguments: ["a/b%5B1%5D", "a/*%5B1%5D", "a/*%5B2%5D"])
    func refusesWhatWouldSelectAnotherElementThen(_ node: String) {
        var fixture = XCAPFixture(Self.document)
        let response = fixture.delete(node)
        #expect(response.condition == "cannot-delete")
        #expect(fixture.text() == Self.document)
    }

    @Test func aPositionWithAnAttributeThatAnotherHasToo() {
        var fixture = XCAPFixture("<a><b n='1'/><b n='1'/></a>")
        #expect(fixture.delete("a/*%5B1%5D%5B@n='1'%5D").condition == "cannot-delete")
        #expect(fixture.delete("a/*%5B2%5D%5B@n='1'%5D").status == 200)
        #expect(fixture.text() == "<a><b n='1'/></a>")
    }

    @Test(arguments: ["a/b", "a/d", "b", "a/b%5B3%5D", "a/b/x", "a/b%5B2%5D/x"])
    func whatIsNotThereIsNotDeleted(_ node: String) {
        var fixture = XCAPFixture(Self.document)
        #expect(fixture.delete(node).status == 404)
        #expect(fixture.text() == Self.document)
    }

    @Test func theRootStays() {
        var fixture = XCAPFixture(Self.document)
        #expect(fixture.delete("a").condition == "schema-validation-error")
        #expect(fixture.text() == Self.document)
    }
}
