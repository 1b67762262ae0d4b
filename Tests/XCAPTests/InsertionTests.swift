import Testing

@testable import XCAP

/// Where new elements go (RFC 4825 §8.2.3): the examples of the section, and the cases between them.
struct InsertionTests {
    private static let example = """
        <?xml version="1.0"?>
        <root>
         <el1 att="first"/>
         <el1 att="second"/>
         <!-- comment -->
         <el2 att="first"/>
        </root>
        """

    struct Case: CustomTestStringConvertible, Sendable {
        var node: String
        var body: String
        /// What stands in front of the new element; it has to occur once.
        var after: String
        var testDescription: String { node }
    }

    static let cases = [
        Case(node: "root/el1[@att=\"third\"]", body: "<el1 att=\"third\"/>", after: "<el1 att=\"second\"/>"),
        Case(node: "root/el1[3][@att=\"third\"]", body: "<el1 att=\"third\"/>", after: "<el1 att=\"second\"/>"),
        Case(node: "root/*[3][@att=\"third\"]", body: "<el1 att=\"third\"/>", after: "<el1 att=\"second\"/>"),
        Case(node: "root/el3", body: "<el3 att=\"first\"/>", after: "<el2 att=\"first\"/>\n"),
        Case(node: "root/el3[1]", body: "<el3/>", after: "<el2 att=\"first\"/>\n"),
        Case(node: "root/el3[@att=\"first\"]", body: "<el3 att=\"first\"/>", after: "<el2 att=\"first\"/>\n"),
        Case(node: "root/el2[@att=\"2\"]", body: "<el2 att=\"2\"/>", after: "<el2 att=\"first\"/>"),
        Case(node: "root/el2[2][@att=\"2\"]", body: "<el2 att=\"2\"/>", after: "<el2 att=\"first\"/>"),
        Case(node: "root/*[2][@att=\"2\"]", body: "<el2 att=\"2\"/>", after: "<el1 att=\"first\"/>"),
        Case(node: "root/el2[1][@att=\"2\"]", body: "<el2 att=\"2\"/>", after: "<!-- comment -->\n "),
        Case(node: "root/*[1][@att=\"0\"]", body: "<el9 att=\"0\"/>", after: "<root>\n "),
        Case(node: "root/*[@att=\"new\"]", body: "<el1 att=\"new\"/>", after: "<el2 att=\"first\"/>\n"),
        Case(node: "root/*[4]", body: "<el4/>", after: "<el2 att=\"first\"/>"),
        Case(node: "root/el1[3]", body: "<el1/>", after: "<el1 att=\"second\"/>"),
    ]

    @Test(arguments: cases)
    func goesWhereTheStandardSays(_ example: Case) throws {
        var fixture = XCAPFixture(Self.example)
        let response = fixture.put(element: example.body, at: example.node)
        #expect(response.status == 201)
        var parts = Self.example.split(separator: example.after, omittingEmptySubsequences: false).map(String.init)
        try #require(parts.count == 2)
        parts[1] = example.body + parts[1]
        #expect(fixture.text() == parts.joined(separator: example.after))
        #expect(fixture.get(example.node).text == example.body)
        // PUT is idempotent.
        let state = fixture.documents
        #expect(fixture.put(element: example.body, at: example.node).status == 200)
        #expect(fixture.documents == state)
    }

    @Test(arguments: [
        // The body is not what the target selector describes.
        ("root/el1[@att=\"third\"]", "<el1 att=\"other\"/>"), ("root/el3", "<el4/>"), ("root/el3[@a=\"1\"]", "<el3/>"),
        ("root/el1[@att=\"first\"]", "<el1 att=\"other\"/>"), ("root/*[@x=\"1\"]", "<el1/>"),
        // There is no such position.
        ("root/el1[4]", "<el1/>"), ("root/el3[2]", "<el3/>"), ("root/*[5]", "<el1/>"), ("root/el1[0]", "<el1/>"),
        ("root/el1[999999999]", "<el1/>"), ("root/el2[3][@att=\"2\"]", "<el2 att=\"2\"/>"),
        // Several elements are selected already.
        ("root/el1", "<el1/>"), ("root/*", "<el1/>"),
        // Behind the insertion, the attribute no longer tells the element from another one.
        ("root/el1[2][@att=\"first\"]", "<el2 att=\"first\"/>"),
        // What moves up into the place of the element that is replaced is another one.
        ("root/el1[1]", "<el3/>"),
        // There is one root.
        ("other", "<other/>"), ("*[2]", "<root/>"), ("root[2]", "<root/>"),
        // The root keeps its name, as the URI says it.
        ("root", "<other/>"),
    ])
    func refusesWhatCouldNotBeFetchedAgain(_ node: String, _ body: String) {
        var fixture = XCAPFixture(Self.example)
        let response = fixture.put(element: body, at: node)
        #expect(response.status == 409)
        #expect(response.condition == "cannot-insert")
        #expect(fixture.text() == Self.example)
    }

    @Test(arguments: [
        ("<a><b/></a>", "a/b/c", "<a><b><c/></b></a>"),
        ("<p:a xmlns:p='u'><p:b x='1' /></p:a>", "*/*/c", "<p:a xmlns:p='u'><p:b x='1' ><c/></p:b></p:a>"),
        ("<a/>", "a/c", "<a><c/></a>"), ("<a></a>", "a/c", "<a><c/></a>"), ("<a>x</a>", "a/*", "<a>x<c/></a>"),
        ("<a><!--<b>--><![CDATA[<b>]]><?b?></a>", "a/c", "<a><!--<b>--><![CDATA[<b>]]><?b?><c/></a>"),
        ("<a><c x='1'/><!--c--></a>", "a/*[1]", "<a><c/><!--c--></a>"), ("<a x='1'>y</a>", "a", nil),
    ])
    func fillsAndReplaces(_ before: String, _ node: String, _ after: String?) {
        var fixture = XCAPFixture(before)
        let response = fixture.put(element: after == nil ? "<a/>" : "<c/>", at: node)
        #expect(response.status == 200 || response.status == 201)
        #expect(fixture.text() == after ?? "<a/>")
    }
}
