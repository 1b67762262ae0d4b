import Testing
import XMLTree

@testable import XCAP

/// The smaller application usages.
struct UsageTests {
    private func put(_ path: String, _ type: String, _ body: String) -> XCAPResponse {
        var fixture = XCAPFixture()
        return fixture.send(.put, path, type: type, body)
    }

    /// RFC 4825 §12: what clients read before anything else.
    @Test func theCapabilities() throws {
        var fixture = XCAPFixture(usages: XCAPServer.allUsages)
        let response = fixture.send(.get, "/xcap-caps/global/index")
        #expect(response.status == 200)
        #expect(response.contentType == "application/xcap-caps+xml")
        #expect(response.entityTag == fixture.server.entityTag(of: response.body))
        try XCAPCapsSchema.schema.validate(response.body)
        let lists = try XMLDocument(parsing: response.body).root.elements.map { $0.elements.map(\.text) }
        #expect(lists.count == 2)
        #expect(
            lists[0] == [
                "xcap-caps", "resource-lists", "rls-services", "pres-rules", "org.openmobilealliance.pres-rules",
                "pidf-manipulation", "org.openmobilealliance.pres-content", "org.openmobilealliance.xcap-directory",
            ])
        #expect(
            lists[1] == [
                "urn:ietf:params:xml:ns:xcap-caps", "urn:ietf:params:xml:ns:resource-lists",
                "urn:ietf:params:xml:ns:rls-services", "urn:ietf:params:xml:ns:pres-rules",
                "urn:ietf:params:xml:ns:common-policy", "urn:ietf:params:xml:ns:pidf", "urn:oma:xml:prs:pres-content",
                "urn:oma:xml:xdm:xcap-directory",
            ])
        #expect(
            fixture.send(.get, "/xcap-caps/global/index/~~/xcap-caps/auids/auid%5B2%5D").text
                == "<auid>resource-lists</auid>")
        #expect(fixture.send(.get, "/xcap-caps/users/sip:joe@example.com/index").status == 404)
        let own = fixture.send(
            .put, "/xcap-caps/users/sip:joe@example.com/index", type: "application/xcap-caps+xml", response.text)
        #expect(own.condition == "constraint-failure")
    }

    @Test func theDirectory() throws {
        var fixture = XCAPFixture()
        fixture.store("<a/>", at: "/test/users/joe@example.com/b c")
        fixture.store("<a/>", at: "/test/users/joe@example.com/a")
        fixture.store("<ab/>", at: "/resource-lists/users/joe@example.com/index")
        fixture.store("<a/>", at: "/test/users/bill@example.com/a")
        let path = "/org.openmobilealliance.xcap-directory/users/sip:joe@example.com/directory.xml"
        let response = fixture.send(.get, path)
        #expect(response.status == 200)
        try XCAPDirectorySchema.schema.validate(response.body)
        let folders = try XMLDocument(parsing: response.body).root.elements
        #expect(folders.map { $0[attribute: .init("auid")] } == ["resource-lists", "test"])
        #expect(
            folders.map { $0.elements.map { $0[attribute: .init("uri")] } } == [
                ["http://xcap.example.com/resource-lists/users/sip:joe@example.com/index"],
                [
                    "http://xcap.example.com/test/users/sip:joe@example.com/a",
                    "http://xcap.example.com/test/users/sip:joe@example.com/b%20c",
                ],
            ])
        let entry = try #require(folders[0].elements.first)
        #expect(entry[attribute: .init("size")] == "5")
        #expect(
            entry[attribute: .init("etag")] == fixture.tag(at: "/resource-lists/users/joe@example.com/index")?.opaque)
        #expect(fixture.send(.get, path.replacing("directory.xml", with: "index")).status == 404)
    }

    private static let rules = """
        <?xml version="1.0" encoding="UTF-8"?>
        <cr:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:pr="urn:ietf:params:xml:ns:pres-rules"
            xmlns:cr="urn:ietf:params:xml:ns:common-policy">
         <cr:rule id="a">
          <cr:conditions>
           <cr:identity>
            <cr:one id="sip:user@example.com"/>
           </cr:identity>
          </cr:conditions>
          <cr:actions>
           <pr:sub-handling>allow</pr:sub-handling>
          </cr:actions>
          <cr:transformations>
           <pr:provide-services>
            <pr:service-uri-scheme>sip</pr:service-uri-scheme>
            <pr:service-uri-scheme>mailto</pr:service-uri-scheme>
           </pr:provide-services>
           <pr:provide-persons>
            <pr:all-persons/>
           </pr:provide-persons>
           <pr:provide-activities>true</pr:provide-activities>
           <pr:provide-user-input>bare</pr:provide-user-input>
           <pr:provide-unknown-attribute ns="urn:vendor-specific:foo-namespace"
            name="foo">true</pr:provide-unknown-attribute>
          </cr:transformations>
         </cr:rule>
        </cr:ruleset>
        """

    /// The example of RFC 5025 §6, for both usages that have such documents; their default namespaces differ.
    @Test(arguments: [
        ("pres-rules", "c:ruleset/c:rule/c:actions/sub-handling?xmlns(c=urn:ietf:params:xml:ns:common-policy)"),
        (
            "org.openmobilealliance.pres-rules",
            "ruleset/rule/actions/p:sub-handling?xmlns(p=urn:ietf:params:xml:ns:pres-rules)"
        ),
    ])
    func presenceRules(_ auid: String, _ node: String) {
        var fixture = XCAPFixture()
        let path = "/\(auid)/users/sip:joe@example.com/index"
        #expect(fixture.send(.put, path, type: "application/auth-policy+xml", Self.rules).status == 201)
        #expect(fixture.send(.get, "\(path)/~~/\(node)").text == "<pr:sub-handling>allow</pr:sub-handling>")
        let polite = "<pr:sub-handling>polite-block</pr:sub-handling>"
        #expect(fixture.send(.put, "\(path)/~~/\(node)", type: XCAPServer.elementType, polite).status == 200)
        let wrong = "<pr:sub-handling>perhaps</pr:sub-handling>"
        #expect(
            fixture.send(.put, "\(path)/~~/\(node)", type: XCAPServer.elementType, wrong).condition
                == "schema-validation-error")
        let rule = "<cr:rule id='a'/>"
        let second = "*/*%5B2%5D"
        let response = fixture.send(.put, "\(path)/~~/\(second)", type: XCAPServer.elementType, rule)
        #expect(response.condition == "uniqueness-failure")
        let field = response.report?.elements.first?[attribute: .init("field")] ?? ""
        // What the report names can be fetched, had it been stored.
        fixture.store(Self.rules.replacing("</cr:ruleset>", with: "\(rule)</cr:ruleset>"), at: path)
        #expect(fixture.send(.get, "\(path)/~~/\(field)").text == "'a'")
    }

    /// RFC 4827 §9 and §11.
    @Test func presenceDocuments() {
        let path = "/pidf-manipulation/users/sip:joe@example.com/index"
        let document = { (tuples: String) in
            "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:rp='urn:ietf:params:xml:ns:pidf:rpid' "
                + "entity='sip:joe@example.com'>\(tuples)</presence>"
        }
        let tuple = """
            <tuple id="x8eg92m"><status><basic>closed</basic></status><rp:user-input>idle</rp:user-input>\
            <rp:class>auth-1</rp:class><contact priority="0.5">sip:user@example.com</contact>\
            <note>I'm available only by e-mail.</note><timestamp>2004-02-06T16:49:29Z</timestamp></tuple>
            """
        let type = "application/pidf+xml"
        #expect(put(path, type, document(tuple)).status == 201)
        #expect(put(path.replacing("index", with: "other"), type, document(tuple)).condition == "constraint-failure")
        let twice = put(path, type, document(tuple + tuple))
        #expect(twice.condition == "uniqueness-failure")
        #expect(twice.report?.elements.first?[attribute: .init("field")] == "presence/tuple%5B2%5D/@id")
        var fixture = XCAPFixture()
        fixture.store(document(tuple), at: path)
        let note = "\(path)/~~/presence/tuple%5b@id='x8eg92m'%5d/note"
        #expect(
            fixture.send(
                .put, note, type: XCAPServer.elementType, "<note>Back</note>",
                ifMatch: fixture.tag(at: path)?.description
            ).status == 200)
        #expect(fixture.send(.get, note).text == "<note>Back</note>")
    }

    @Test(arguments: [
        ("<encoding>base64</encoding><data>iVBORw0KGgo=</data>", nil),
        ("<encoding>base64</encoding><data>iVBO\n Rw==</data>", nil),
        ("<data>anything</data><mime-type>text/plain</mime-type>", nil),
        (
            "<mime-type>image/png</mime-type><encoding>base64</encoding><description xml:lang='en'>me</description><data/>",
            nil
        ),
        ("<encoding>base64</encoding><data>iVBORw0KGg</data>", "constraint-failure"),
        ("<encoding>base64</encoding><data>iVB=Rw==</data>", "constraint-failure"),
        ("<encoding>base64</encoding><data>====</data>", "constraint-failure"),
        ("<encoding>base64</encoding><data>iV.O</data>", "constraint-failure"),
        ("<data>\(String(repeating: "a", count: 140_000))</data>", "constraint-failure"),
        ("<encoding>base64</encoding>", "schema-validation-error"), ("<data/><data/>", "schema-validation-error"),
    ])
    func icons(_ content: String, _ condition: String?) {
        let path = "/org.openmobilealliance.pres-content/users/sip:joe@example.com/oma_status-icon/index"
        let body = "<content xmlns='urn:oma:xml:prs:pres-content'>\(content)</content>"
        var fixture = XCAPFixture()
        let response = fixture.send(.put, path, type: "application/vnd.oma.pres-content+xml", body)
        #expect(response.condition == condition)
        #expect(response.status == (condition == nil ? 201 : 409))
        fixture.user = nil
        #expect(fixture.send(.get, path).status == (condition == nil ? 200 : 404))
    }

    @Test func everyUsageIsComplete() {
        let usages = XCAPServer.allUsages
        #expect(Set(usages.map(\.auid)).count == usages.count)
        for usage in usages {
            #expect(usage.namespaces.contains(usage.defaultNamespace))
            #expect(usage.mimeType.hasPrefix("application/") && usage.mimeType.hasSuffix("+xml"))
            // Each schema can be parsed, and refuses something.
            #expect(throws: XMLViolation.self) { try usage.schema.validate(Array("<no-such-document/>".utf8)) }
        }
    }
}
