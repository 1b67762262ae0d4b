import Testing

@testable import XCAP

/// PUT apart from where elements go (RFC 4825 §8.2).
struct PlacingTests {
    private static let type = "application/test+xml"

    @Test func documentsAreCreatedAndReplaced() {
        var fixture = XCAPFixture()
        let text = "<?xml version='1.0' encoding='utf-8'?>\n<!-- mine -->\n<a  xmlns:x='u'>\r\n<b/></a>\n<!--end-->"
        let created = fixture.send(.put, XCAPFixture.document, type: Self.type, text)
        #expect(created.status == 201)
        #expect(created.body.isEmpty)
        let fetched = fixture.send(.get, XCAPFixture.document)
        #expect(fetched.text == text)
        #expect(fetched.contentType == Self.type)
        #expect(fetched.fields.contains { $0.name == "Cache-Control" && $0.value == "no-cache" })
        #expect(fetched.fields.contains { $0.name == "ETag" && $0.value == fixture.tag()?.description })
        let replaced = fixture.send(.put, XCAPFixture.document, type: "Application/Test+XML; charset=utf-8", "<b/>")
        #expect(replaced.status == 200)
        #expect(replaced.body.isEmpty)
        #expect(fixture.text() == "<b/>")
        let head = fixture.send(.head, XCAPFixture.document)
        #expect(head.status == 200)
        #expect(head.text == "<b/>")
        #expect(head.contentType == Self.type)
        #expect(fixture.send(.delete, XCAPFixture.document).status == 200)
        #expect(fixture.text() == nil)
        #expect(fixture.send(.get, XCAPFixture.document).status == 404)
    }

    /// Directories can't be made with XCAP (§6.2); those of the usage are there from the beginning.
    @Test func directoriesExistOrNot() {
        var fixture = XCAPFixture()
        let put = { (fixture: inout XCAPFixture, path: String) in
            fixture.send(.put, "\(XCAPFixture.home)/\(path)", type: Self.type, "<a/>")
        }
        #expect(put(&fixture, "folder/a").status == 201)
        #expect(put(&fixture, "folder").condition == "constraint-failure")
        for path in ["other/a", "folder/folder/a", "a/folder"] {
            let response = put(&fixture, path)
            #expect(response.condition == "no-parent")
            #expect(response.report?.elements.first?.text == "http://xcap.example.com/test/users/sip:joe@example.com")
        }
    }

    @Test(arguments: [nil, "", "text/xml", "application/xcap-el+xml", "application/test", "application/test+xmlx"])
    func otherTypesAreNotSupported(_ type: String?) {
        var fixture = XCAPFixture("<a b='1'/>")
        #expect(fixture.send(.put, XCAPFixture.document, type: type, "<a/>").status == 415)
        let node = "\(XCAPFixture.document)/~~/a"
        #expect(fixture.send(.put, "\(node)/@b", type: type, "'2'").status == 415)
        if type != XCAPServer.elementType { #expect(fixture.send(.put, node, type: type, "<a/>").status == 415) }
        #expect(fixture.text() == "<a b='1'/>")
    }

    @Test(arguments: [
        ("", "not-well-formed"), ("<a>", "not-well-formed"), ("<a/><b/>", "not-well-formed"),
        ("<p:a/>", "not-well-formed"),
        ("<a>&x;</a>", "not-well-formed"), ("<?xml version='1.0' encoding='iso-8859-1'?><a/>", "not-utf-8"),
        ("<?xml version='1.0' encoding='US-ASCII'?><a/>", "not-utf-8"),
        ("<!DOCTYPE a><a/>", "constraint-failure"), ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "constraint-failure"),
        (String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65), "constraint-failure"),
    ])
    func documentsThatAreNone(_ body: String, _ condition: String) {
        var fixture = XCAPFixture()
        let response = fixture.send(.put, XCAPFixture.document, type: Self.type, body)
        #expect(response.status == 409)
        #expect(response.condition == condition)
        #expect(fixture.text() == nil)
    }

    @Test func otherEncodings() {
        var fixture = XCAPFixture("<a/>")
        let send = { (fixture: inout XCAPFixture, node: String, type: String, body: [UInt8]) in
            fixture.send(
                XCAPRequest(
                    .put, path: XCAPFixture.document + node, contentType: type, body: body, user: fixture.user)
            ).condition
        }
        let latin = Array("<?xml version='1.0' encoding='iso-8859-1'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
        #expect(send(&fixture, "", Self.type, latin) == "not-utf-8")
        let wide: [UInt8] = [0xFE, 0xFF] + "<a/>".utf8.flatMap { [UInt8(0), $0] }
        #expect(send(&fixture, "", Self.type, wide) == "not-utf-8")
        #expect(
            send(&fixture, "/~~/a/b", XCAPServer.elementType, Array("<b>".utf8) + [0xE9] + Array("</b>".utf8))
                == "not-utf-8")
        #expect(
            send(&fixture, "/~~/a/@b", XCAPServer.attributeType, Array("'".utf8) + [0xE9] + Array("'".utf8))
                == "not-utf-8")
        #expect(fixture.put(element: "<?xml encoding='latin1'?><b/>", at: "a/b").condition == "not-utf-8")
        #expect(fixture.text() == "<a/>")
    }

    @Test(arguments: [
        "", " ", "b", "<b>", "<b/><b/>", "<b/>x", "</a><a>", "<b></a>", "<!-- b -->", "<p:b/>", "</wrapper><wrapper>",
        "<b/></wrapper><wrapper/>", "<!DOCTYPE b><b/>", "<b>&x;</b>", "<b c='1' c='2'/>", "<![CDATA[<b/>]]>",
        "<b/><!--",
        "<b/>\u{0}", "<?xml version='1.0'?>", "<?xml ><b/>",
        "<b/><?xml version='1.0'?>",
    ])
    func fragmentsThatAreNone(_ body: String) {
        var fixture = XCAPFixture("<a><c/></a>")
        let response = fixture.put(element: body, at: "a/b")
        #expect(response.condition == "not-xml-frag")
        #expect(fixture.text() == "<a><c/></a>")
    }

    /// An element may use the prefixes of its parent, and keeps the declarations that it brings (§8.2.3).
    @Test(arguments: [
        ("<q:b/>", "q:b", "<q:b/>"), ("<x:b xmlns:x='u:q'/>", "q:b", "<x:b xmlns:x='u:q'/>"),
        ("<q:b xmlns:q='u:q'/>", "q:b", "<q:b xmlns:q='u:q'/>"), ("<b xmlns='u:d'/>", "d:b", "<b xmlns='u:d'/>"),
        ("<b t='q:x'><c/></b>", "d:b", "<b t='q:x'><c/></b>"), ("<b xmlns=''/>", "b", "<b xmlns=''/>"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<b/>\n", "d:b", "<b/>"), (" <!-- x --> <b/>", "d:b", "<b/>"),
    ])
    func fragmentsStandInTheirContext(_ body: String, _ node: String, _ inserted: String) {
        var fixture = XCAPFixture("<a xmlns='u:d' xmlns:q='u:q'>\n</a>")
        let query = "?xmlns(d=u:d)xmlns(q=u:q)"
        #expect(fixture.put(element: body, at: "d:a/\(node)\(query)").status == 201)
        #expect(fixture.text() == "<a xmlns='u:d' xmlns:q='u:q'>\n\(inserted)</a>")
        #expect(fixture.get("d:a/\(node)\(query)").text == inserted)
    }

    /// With the closest ancestor that there is (§11.1).
    @Test(arguments: [
        ("a/b/x/y", "/~~/a/b"), ("a/x/y", "/~~/a"), ("x/y", ""), ("a/c/y", "/~~/a"), ("x/@y", ""), ("a/c/@y", "/~~/a"),
        ("a/b%5B@n=%221%22%5D/x/@y", "/~~/a/b%5B@n=%221%22%5D"), ("q:a/x/y?xmlns(q=)", "/~~/q:a?xmlns(q=)"),
        ("a/b%5B2%5D/y", "/~~/a"),
    ])
    func parentsThatAreMissing(_ node: String, _ ancestor: String) {
        var fixture = XCAPFixture("<a><b n='1'/><c/><c/></a>")
        let response =
            node.contains("@y") ? fixture.put(attribute: "'1'", at: node) : fixture.put(element: "<y/>", at: node)
        #expect(response.condition == "no-parent")
        let uri = "http://xcap.example.com\(XCAPFixture.document)\(ancestor)"
        #expect(response.report?.elements.first?.text == uri)
    }

    @Test func documentsThatAreMissing() {
        var fixture = XCAPFixture()
        for response in [fixture.put(element: "<a/>", at: "a"), fixture.put(attribute: "'a'", at: "a/@b")] {
            #expect(response.condition == "no-parent")
            #expect(response.report?.elements.first?.text == "http://xcap.example.com/test/users/sip:joe@example.com")
        }
    }

    /// Nothing is written where nothing has changed.
    @Test func theSameAgainIsNotStored() throws {
        let fixture = XCAPFixture("<a b='1'><c/></a>")
        let present = try #require(fixture.documents.values.first)
        for (node, type, body) in [
            ("", Self.type, "<a b='1'><c/></a>"), ("/~~/a/c", XCAPServer.elementType, "<c/>"),
            ("/~~/a/@b", XCAPServer.attributeType, "'1'"),
        ] {
            let request = XCAPRequest(
                .put, path: XCAPFixture.document + node, contentType: type, body: Array(body.utf8),
                user: XCAPFixture.joe)
            let outcome = fixture.server.respond(to: request, present: present)
            #expect(outcome.response == XCAPResponse(status: 200, entityTag: present.tag))
            #expect(outcome.change == nil)
            #expect(outcome.basis == present.tag)
        }
    }

    @Test func sizesAreBounded() {
        let limits = XCAPLimits(uri: 1000, segments: 4, document: .init(size: 100, depth: 4))
        var fixture = XCAPFixture(limits: limits)
        let text = "<a>" + String(repeating: "x", count: 90) + "</a>"
        let put = { (fixture: inout XCAPFixture, text: String) in
            fixture.send(.put, XCAPFixture.document, type: Self.type, text)
        }
        #expect(put(&fixture, text + "    ").status == 413)
        #expect(put(&fixture, text + "   ").status == 201)
        #expect(fixture.put(element: "<b/>", at: "a/b").condition == "constraint-failure")
        #expect(fixture.put(attribute: "''", at: "a/@b").condition == "constraint-failure")
        #expect(fixture.put(element: text + "    ", at: "a").status == 413)
        #expect(fixture.text() == text + "   ")
        #expect(put(&fixture, "<a><a><a/></a></a>").status == 200)
        #expect(fixture.put(element: "<b/>", at: "a/a/a/b").status == 201)
        #expect(fixture.put(element: "<b><c/></b>", at: "a/a/a/b").condition == "constraint-failure")
    }

    @Test(arguments: [XCAPMethod("POST"), XCAPMethod("PATCH"), XCAPMethod("get"), XCAPMethod("OPTIONS")])
    func otherMethodsAreNotAllowed(_ method: XCAPMethod) {
        var fixture = XCAPFixture("<a/>")
        for path in [XCAPFixture.document, "\(XCAPFixture.document)/~~/a"] {
            let response = fixture.send(method, path)
            #expect(response.status == 405)
            #expect(response.fields.contains { $0.name == "Allow" && $0.value == "GET, HEAD, PUT, DELETE" })
        }
    }

    /// §8.2 and §8.4.
    @Test func namespacesCanOnlyBeRead() {
        var fixture = XCAPFixture("<a/>")
        for method in [XCAPMethod.put, .delete] {
            let response = fixture.send(
                method, "\(XCAPFixture.document)/~~/a/namespace::*", type: "application/xcap-ns+xml", "<a/>")
            #expect(response.status == 405)
            #expect(response.allow == [.get, .head])
        }
    }

    @Test func aBrokenStoreIsAnError() {
        for text in ["", "<a", "x"] {
            var fixture = XCAPFixture(text)
            #expect(fixture.get("a").status == 500)
            #expect(fixture.put(element: "<a/>", at: "a").status == 500)
            #expect(fixture.delete("a").status == 500)
            #expect(fixture.send(.put, XCAPFixture.document, type: Self.type, "<a/>").status == 200)
        }
    }
}
