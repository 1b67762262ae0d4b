import Testing

@testable import XCAP

/// Resource lists (RFC 4826 §3).
struct ResourceListsTests {
    static let path = "/resource-lists/users/sip:joe@example.com/index"
    private static let type = "application/resource-lists+xml"

    static func document(_ content: String) -> String {
        "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">\(content)</resource-lists>"
    }

    private func put(_ content: String) -> XCAPResponse {
        var fixture = XCAPFixture()
        return fixture.send(.put, Self.path, type: Self.type, Self.document(content))
    }

    @Test func theExampleOfTheStandard() {
        let response = put(
            """
            <list name="friends">
             <entry uri="sip:bill@example.com">
              <display-name>Bill Doe</display-name>
             </entry>
             <entry-ref ref="resource-lists/users/sip:bill@example.com/index/~~/\
            resource-lists/list%5b@name=%22list1%22%5d/entry%5b@uri=%22sip:petri@example.com%22%5d"/>
             <list name="close-friends">
              <display-name>Close Friends</display-name>
              <entry uri="sip:joe@example.com">
               <display-name>Joe Smith</display-name>
              </entry>
              <entry uri="sip:nancy@example.com">
               <display-name>Nancy Gross</display-name>
              </entry>
              <external anchor="http://xcap.example.org/resource-lists/users/\
            sip:a@example.org/index/~~/resource-lists/list%5b@name=%22mkting%22%5d">
                <display-name>Marketing</display-name>
               </external>
             </list>
            </list>
            """)
        #expect(response.status == 201)
    }

    /// The same value twice within a parent (§3.4.5), and where.
    @Test(arguments: [
        ("<list name='a'/><list name='b'/><list name='a'/>", ["resource-lists/list%5B3%5D/@name"]),
        ("<list><entry uri='a'/><entry uri='a'/></list>", ["resource-lists/list%5B1%5D/entry%5B2%5D/@uri"]),
        (
            "<list/><list><list><entry-ref ref='a'/><entry-ref ref='a'/></list></list>",
            ["resource-lists/list%5B2%5D/list%5B1%5D/entry-ref%5B2%5D/@ref"]
        ),
        (
            "<list><external anchor='http://a'/><external anchor='http://a'/><external anchor='http://a'/></list>",
            [
                "resource-lists/list%5B1%5D/external%5B2%5D/@anchor",
                "resource-lists/list%5B1%5D/external%5B3%5D/@anchor",
            ]
        ),
        ("<list name='a'><list name='b'/><list name='b'/></list>", ["resource-lists/list%5B1%5D/list%5B2%5D/@name"]),
    ])
    func valuesAreUnique(_ content: String, _ fields: [String]) {
        let response = put(content)
        #expect(response.condition == "uniqueness-failure")
        #expect(response.report?.elements.map { $0[attribute: .init("field")] } == fields)
    }

    @Test(arguments: [
        "<list name='a'><list name='a'/></list>", "<list/><list/>", "<list><entry uri='A'/><entry uri='a'/></list>",
        "<list><entry uri='a'/></list><list><entry uri='a'/></list>", "<list><external/><external/></list>",
        "<list><entry uri='a'/><entry-ref ref='a'/><entry uri='b'/></list>",
    ])
    func valuesThatDifferEnough(_ content: String) { #expect(put(content).status == 201) }

    @Test(arguments: [
        "<entry-ref ref='/a'/>", "<entry-ref ref='http://a/b'/>", "<entry-ref ref=''/>", "<external anchor='a/b'/>",
        "<external anchor='sip:joe@example.com'/>", "<external anchor='http:///a'/>", "<external anchor=''/>",
    ])
    func referencesHaveTheirForm(_ content: String) {
        #expect(put("<list>\(content)</list>").condition == "constraint-failure")
    }

    /// Whatever names somebody, in any scheme.
    @Test(arguments: [
        "sip:a@[2001:db8::1]", "sip:ü@example.com", "tel:+1(555)", "sip:*97@h", "sip:a#1@h",
        "sips:a@h:5061;transport=tls",
        "xmpp:a@b/c", "sip:%zz@h", "",
    ])
    func urisOfAllKinds(_ uri: String) {
        #expect(put("<list><entry uri='\(uri)'/></list>").status == 201)
    }

    @Test func reportsAreBounded() {
        let entries = String(repeating: "<entry uri='a'/>", count: 1000)
        #expect(put("<list>\(entries)</list>").report?.elements.count == 16)
    }

    /// Changes of nodes are checked as whole documents are.
    @Test func constraintsHoldForNodes() {
        var fixture = XCAPFixture()
        let text = Self.document("<list name='a'><entry uri='1'/><entry uri='2'/></list>")
        fixture.store(text, at: Self.path)
        let list = "\(Self.path)/~~/resource-lists/list"
        let element = XCAPServer.elementType
        #expect(
            fixture.send(.put, "\(list)/entry%5B2%5D/@uri", type: XCAPServer.attributeType, "'1'").condition
                == "uniqueness-failure")
        #expect(
            fixture.send(.put, "\(list)/entry%5B3%5D", type: element, "<entry uri='1'/>").condition
                == "uniqueness-failure")
        #expect(fixture.send(.put, "\(list)/other", type: element, "<other/>").condition == "schema-validation-error")
        #expect(fixture.send(.delete, "\(list)/entry%5B1%5D/@uri").condition == "schema-validation-error")
        #expect(fixture.send(.delete, "\(list)/entry%5B@uri='1'%5D").status == 200)
        #expect(fixture.text(at: Self.path) == text.replacing("<entry uri='1'/>", with: ""))
    }
}
