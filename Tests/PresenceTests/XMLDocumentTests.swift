import Testing
import XMLTree

@Suite("XML documents")
struct XMLDocumentTests {
    private func parse(_ text: String, _ limits: XMLLimits = .standard) throws -> XMLElement {
        try XMLDocument(parsing: Array(text.utf8), limits: limits).root
    }

    private func written(_ element: XMLElement) -> String {
        var writer = XMLWriter()
        writer.write(element)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("Namespaces, attributes and children come out in order")
    func reads() throws {
        let root = try parse(
            "<a xmlns='u:1' xmlns:p='u:2' x='1' p:y='2'>one<p:b/>two<!--c--><?t d?><b xmlns=''/><![CDATA[<&>]]></a>")
        #expect(root.name == XMLName("a", in: "u:1"))
        #expect(root.attributes.map(\.name) == [XMLName("x"), XMLName("y", in: "u:2")])
        #expect(root.elements.map(\.name) == [XMLName("b", in: "u:2"), XMLName("b")])
        #expect(root.text == "onetwo<&>")
        #expect(root.children.contains(.comment("c")))
        #expect(root.children.contains(.instruction(target: "t", "d")))
    }

    @Test(
        "What was written parses to the same tree",
        arguments: [
            "<a/>", "<a xmlns='u'><b xmlns=''/></a>",
            "<p:a xmlns:p='u' p:x='&lt;&amp;&quot;&#10;&#9;&#13;'>&#13;&gt;</p:a>",
            "<a xmlns='u:1'><b xmlns='u:2'><c xmlns='u:1'/></b></a>", "<a xml:lang='en'>\u{1F426} é</a>",
            "<p:a xmlns:p='u:1'><p:b xmlns:p='u:2' p:c='3'/></p:a>", "<a xmlns:x='urn:x' t='x:y'>  <b/>\n</a>",
        ])
    func roundTrip(_ text: String) throws {
        let root = try parse(text)
        let bytes = XMLDocument(root: root).serialized
        #expect(try XMLDocument(parsing: bytes).root == root)
        #expect(XMLDocument(root: try XMLDocument(parsing: bytes).root).serialized == bytes)
    }

    @Test("An element moved elsewhere takes its namespaces along")
    func moves() throws {
        let root = try parse("<a xmlns='u:1' xmlns:p='u:2' xmlns:q='u:3'><p:b t='q:name'><c/></p:b></a>")
        let moved = root.elements[0].detached(from: [root])
        #expect(written(moved) == "<p:b xmlns:q=\"u:3\" xmlns:p=\"u:2\" t=\"q:name\"><c xmlns=\"u:1\"/></p:b>")
        var other = try parse("<p:z xmlns:p='u:9'/>")
        other.append(moved)
        #expect(try parse(written(other)).elements[0].elements[0].name == XMLName("c", in: "u:1"))
    }

    @Test("Names that clash get a prefix of their own")
    func clashes() throws {
        let element = XMLElement(
            XMLName("a", in: "u:1"), prefix: "p",
            attributes: [
                XMLAttribute(XMLName("x", in: "u:2"), prefix: "p", value: "1"),
                XMLAttribute(XMLName("y", in: "u:3"), value: "2"),
            ])
        let again = try parse(written(element))
        #expect(again.name == element.name)
        #expect(again.attributes.map(\.name) == element.attributes.map(\.name))
        let bare = XMLElement(XMLName("a"), declarations: [XMLDeclaration(namespace: "u:1")])
        #expect(written(bare) == "<a/>")
    }

    @Test("Elements and attributes are edited as values")
    func edits() throws {
        var root = try parse("<a x='1'><b/><c/><b/></a>")
        root.removeElements { $0.name == XMLName("b") }
        root[attribute: XMLName("x")] = nil
        root[attribute: XMLName("y")] = "2"
        root.append(text: "\u{1}<")
        #expect(written(root) == "<a y=\"2\"><c/>&lt;</a>")
    }

    @Test(
        "What is not well-formed is refused",
        arguments: [
            "", " ", "<a>", "<a></b>", "<a x='1' x='2'/>", "<p:a/>", "<a p:x=''/>", "<a>&undefined;</a>", "<a/><b/>",
            "text", "<a>\u{1}</a>", "<a x=1/>", "<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>",
        ])
    func refusesMalformed(_ text: String) {
        #expect { try parse(text) } throws: { error in
            if case .notWellFormed? = error as? XMLError { true } else { false }
        }
    }

    @Test("Invalid UTF-8 is refused")
    func refusesBadUTF8() {
        #expect(throws: XMLError.self) { try XMLDocument(parsing: Array("<a>".utf8) + [0xFF, 0xC0] + "</a>".utf8) }
    }

    @Test(
        "A document type is refused whatever it holds",
        arguments: [
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a SYSTEM 'http://192.0.2.1/x.dtd'><a/>",
            "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://192.0.2.1/'> %p;]><a/>",
            "<!DOCTYPE a [<!ENTITY a '0000000000'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
                + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
                + "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>"
                + "<!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'><!ENTITY h '&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;'>]><a>&h;</a>",
        ])
    func refusesDocumentType(_ text: String) {
        #expect(throws: XMLError.hasDocumentType) { try parse(text) }
    }

    @Test("Depth and size are bounded, exactly")
    func bounds() throws {
        let nested = { (depth: Int) in
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try parse(nested(64))
        #expect(throws: XMLError.tooDeep) { try parse(nested(65)) }
        #expect(throws: XMLError.tooDeep) { try parse(String(repeating: "<a>", count: 80_000)) }
        let limits = XMLLimits(size: 100, depth: 4)
        _ = try parse("<a>" + String(repeating: "x", count: 93) + "</a>", limits)
        #expect(throws: XMLError.tooLarge) { try parse("<a>" + String(repeating: "x", count: 94) + "</a>", limits) }
    }
}
