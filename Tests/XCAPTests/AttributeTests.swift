import Testing

@testable import XCAP

/// PUT and DELETE of attributes (RFC 4825 §7.7, §8.2.3, §8.2.4 and §8.4).
struct AttributeTests {
    @Test(arguments: [
        ("<a/>", "a/@b", "\"1\"", "<a b=\"1\"/>", 201), ("<a></a>", "a/@b", "'1'", "<a b='1'></a>", 201),
        ("<a />", "a/@b", "'1'", "<a b='1' />", 201), ("<a c='2' />", "a/@b", "'1'", "<a c='2' b='1' />", 201),
        ("<a b = '2'/>", "a/@b", "\"1\"", "<a b = \"1\"/>", 200),
        ("<a b='2' c='3'/>", "a/@b", "'&lt;'", "<a b='&lt;' c='3'/>", 200),
        ("<a><b n='1'/><b n='2'/></a>", "a/b%5B2%5D/@n", "'3'", "<a><b n='1'/><b n='3'/></a>", 200),
        ("<a><b n='1'/></a>", "a/b%5B@n='1'%5D/@m", " 'x'\r\n", "<a><b n='1' m='x'/></a>", 201),
        ("<a><b n='1'/></a>", "a/b%5B@n='1'%5D/@n", "\"1\"", "<a><b n=\"1\"/></a>", 200),
        ("<p:a xmlns:p='u'/>", "q:a/@q:b?xmlns(q=u)", "'1'", "<p:a xmlns:p='u' p:b='1'/>", 201),
        ("<p:a xmlns:p='u' p:b='1'/>", "q:a/@q:b?xmlns(q=u)", "'2'", "<p:a xmlns:p='u' p:b='2'/>", 200),
        ("<a/>", "a/@xml:lang", "'de'", "<a xml:lang='de'/>", 201),
        ("<a b='>'>'</a>", "a/@c", "'>'", "<a b='>' c='>'>'</a>", 201),
    ])
    func areSet(_ before: String, _ node: String, _ body: String, _ after: String, _ status: Int) {
        var fixture = XCAPFixture(before)
        let response = fixture.put(attribute: body, at: node)
        #expect(response.status == status)
        #expect(fixture.text() == after)
        #expect(fixture.get(node).text == body.split(whereSeparator: \.isWhitespace).joined())
        #expect(fixture.put(attribute: body, at: node).status == 200)
        #expect(fixture.text() == after)
    }

    @Test(arguments: [
        "", "1", "\"", "\"1", "'1\"", "'<'", "'&'", "'&x;'", "'1''", "'1' '2'", "'\u{0}'", "'&#1;'", "'&#xFFFF;'",
        "'&#x110000;'", "'&#+65;'",
    ])
    func valuesThatAreNone(_ body: String) {
        var fixture = XCAPFixture("<a/>")
        #expect(fixture.put(attribute: body, at: "a/@b").condition == "not-xml-att-value")
        #expect(fixture.text() == "<a/>")
    }

    /// The selector would no longer find the attribute (§7.7), or its name can't be written here.
    @Test(arguments: [
        ("<a><b n='1'/></a>", "a/b%5B@n='1'%5D/@n", "'2'"), ("<a/>", "a/@xmlns", "'u'"),
        ("<a xmlns:p='u'/>", "a/@q:b?xmlns(q=v)", "'1'"),
        ("<p:a xmlns:p='v' xmlns='u'/>", "q:a/@d:b?xmlns(q=v)xmlns(d=u)", "'1'"),
    ])
    func whatCouldNotBeFetchedAgain(_ before: String, _ node: String, _ body: String) {
        var fixture = XCAPFixture(before)
        #expect(fixture.put(attribute: body, at: node).condition == "cannot-insert")
        #expect(fixture.text() == before)
    }

    @Test(arguments: [
        ("<a b='1'/>", "a/@b", "<a/>"), ("<a b='1' c='2'/>", "a/@b", "<a c='2'/>"),
        ("<a\n b='1' >x</a>", "a/@b", "<a >x</a>"),
        ("<a><b n='1'/></a>", "a/b%5B@n='1'%5D/@n", "<a><b/></a>"),
        ("<a xmlns:p='u' p:b='1'/>", "a/@q:b?xmlns(q=u)", "<a xmlns:p='u'/>"),
    ])
    func areDeleted(_ before: String, _ node: String, _ after: String) {
        var fixture = XCAPFixture(before)
        let response = fixture.delete(node)
        #expect(response.status == 200)
        #expect(response.entityTag == fixture.tag())
        #expect(fixture.text() == after)
        #expect(fixture.delete(node).status == 404)
    }

    @Test(arguments: ["a/@c", "a/@xmlns", "a/b/@c", "x/@b"])
    func whatIsNotThereIsNotDeleted(_ node: String) {
        var fixture = XCAPFixture("<a xmlns:p='u' b='1'/>")
        #expect(fixture.delete(node).status == 404)
    }
}
