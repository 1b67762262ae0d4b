import Testing
import XMLTree

@testable import XCAP

/// The scanner and libxml2 see the same elements.
struct MarkupScannerTests {
    @Test(arguments: [
        "<a/>", "<a></a>", "<a ></a >", "<a x='1' y = \"2\"\n/>",
        "<?xml version='1.0'?><!--<x>--><?p <y>?><a>t</a><!--z-->",
        "<a><![CDATA[<b></a>]]><b/><!-- </a> --><?p </a>?></a>", "\u{FEFF}<a b='>'><c d='/>'/></a>",
        "<p:a xmlns:p='u' p:b='c'><p:b xmlns:p='v' p:c=''/><p:c/></p:a>", "<a xmlns='u'><b xmlns=''><c/></b><d/></a>",
        "<a b='&#9;&amp;\r\n\t&lt;'/>", "<a xml:lang='en' xmlns:q='u&amp;v'><q:é q:ü='1'/></a>",
        "<a p:b='1' xmlns:p='u'/>", "<a><b><b><b/></b></b><b/></a>",
    ])
    func agreesWithTheParser(_ text: String) throws {
        let bytes = Array(text.utf8)
        let markup = try DocumentMarkup(bytes)
        Self.compare(markup.root, try XMLDocument(parsing: bytes).root)
        #expect(bytes[markup.root.range].first == UInt8(ascii: "<"))
        #expect(bytes[markup.root.range].last == UInt8(ascii: ">"))
    }

    static func compare(_ markup: ElementMarkup, _ element: XMLElement) {
        #expect(markup.name == element.name)
        #expect(markup.prefix == element.prefix)
        #expect(markup.declarations == element.declarations)
        #expect(markup.attributes.map(\.name) == element.attributes.map(\.name))
        #expect(markup.attributes.map(\.value) == element.attributes.map(\.value))
        #expect(markup.elements.count == element.elements.count)
        for (a, b) in zip(markup.elements, element.elements) { compare(a, b) }
    }

    /// It is given none of these, as the parser refuses them first; it has to survive them all the same.
    @Test(arguments: [
        "", "a", "<", "</", "</a>", "<a", "<a>", "<a b", "<a b=", "<a b='", "<a b=c>", "<a><b></a>", "<!--",
        "<![CDATA[",
        "<?", "<a/", "<1/>", "<p:a/>", "<a p:b=''/>", "<a b='&x;'/>", "< />", "<a b='1'/", "<>", "<a ='1'/>",
        "\u{FEFF}",
    ])
    func givesUp(_ text: String) {
        #expect(throws: MarkupError.malformed) { try DocumentMarkup(Array(text.utf8)) }
    }

    @Test func sizesAreBounded() throws {
        let siblings = { (count: Int) in Array("<a>\(String(repeating: "<b/>", count: count))</a>".utf8) }
        #expect(try DocumentMarkup(siblings(5999)).root.elements.count == 5999)
        #expect(throws: MarkupError.tooLarge) { try DocumentMarkup(siblings(6000)) }
        let attributes = { (count: Int) in Array("<a \((0..<count).map { "a\($0)=''" }.joined(separator: " "))/>".utf8)
        }
        #expect(try DocumentMarkup(attributes(64)).root.attributes.count == 64)
        #expect(throws: MarkupError.tooLarge) { try DocumentMarkup(attributes(65)) }
        let nested = { (count: Int) in
            Array((String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)).utf8)
        }
        _ = try DocumentMarkup(nested(256))
        #expect(throws: MarkupError.tooLarge) { try DocumentMarkup(nested(257)) }
        #expect(throws: MarkupError.tooLarge) { try DocumentMarkup(nested(5000)) }
    }

    /// Through the server as well: in documents, fragments, and where an edit is one too many.
    @Test func requestsAreBounded() {
        let many = String(repeating: "<b/>", count: 5998)
        var fixture = XCAPFixture("<a>\(many)</a>")
        #expect(fixture.put(element: "<c/>", at: "a/c").status == 201)
        #expect(fixture.put(element: "<d/>", at: "a/d").condition == "constraint-failure")
        #expect(fixture.put(element: "<c>\(many)<b/><b/></c>", at: "a/c").condition == "constraint-failure")
        #expect(fixture.delete("a/c").status == 200)
        let document = "<a>\(many)<b/><b/></a>"
        let response = fixture.send(.put, XCAPFixture.document, type: "application/test+xml", document)
        #expect(response.condition == "constraint-failure")
        #expect(fixture.text() == "<a>\(many)</a>")
    }
}
