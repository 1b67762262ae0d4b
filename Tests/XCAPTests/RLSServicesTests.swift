import Primitives
import Testing
import XMLTree

@testable import XCAP

/// RLS services (RFC 4826 §4).
struct RLSServicesTests {
    private static let path = "/rls-services/users/sip:joe@example.com/index"
    private static let type = "application/rls-services+xml"

    private static func document(_ content: String) -> String {
        """
        <rls-services xmlns="urn:ietf:params:xml:ns:rls-services" \
        xmlns:rl="urn:ietf:params:xml:ns:resource-lists">\(content)</rls-services>
        """
    }

    private func put(_ content: String, taken: Set<String> = []) -> XCAPResponse {
        var fixture = XCAPFixture()
        fixture.taken = taken
        return fixture.send(.put, Self.path, type: Self.type, Self.document(content))
    }

    private static func service(listed reference: String) -> String {
        "<service uri='sip:a@example.com'><resource-list>\(reference)</resource-list></service>"
    }

    @Test func theExampleOfTheStandard() {
        let response = put(
            """
            <service uri="sip:mybuddies@example.com">
             <resource-list>http://xcap.example.com/resource-lists/users/sip:joe@example.com/index/\
            ~~/resource-lists/list%5b@name=%22l1%22%5d</resource-list>
             <packages>
              <package>presence</package>
             </packages>
            </service>
            <service uri="sip:marketing@example.com">
              <list name="marketing">
                <rl:entry uri="sip:joe@example.com"/>
                <rl:entry uri="sip:sudhir@example.com"/>
              </list>
              <packages>
                <package>presence</package>
              </packages>
            </service>
            """)
        #expect(response.status == 201)
    }

    /// The list is one of the same user's below this root (§4.4.5); gateways have hosts of their own.
    @Test(arguments: [
        ("http://xcap.example.com/resource-lists/users/sip:joe@example.com/index/~~/resource-lists/list", true),
        ("https://gateway.example.net/resource-lists/users/joe@example.com/other", true),
        (" http://xcap.example.com/resource-lists/users/sip:joe@example.com/\n  index ", true),
        ("http://xcap.example.com/resource-lists/users/sip:bill@example.com/index", false),
        ("http://xcap.example.com/rls-services/users/sip:joe@example.com/index", false),
        ("http://xcap.example.com/resource-lists/global/index", false),
        ("resource-lists/users/sip:joe@example.com/index", false), ("sip:joe@example.com", false), ("", false),
        ("http://xcap.example.com", false), ("http://xcap.example.com/resource-lists/users/%FF/index", false),
    ])
    func referencesLeadToTheUsersOwnLists(_ reference: String, _ isAccepted: Bool) {
        let response = put(Self.service(listed: reference))
        #expect(response.status == (isAccepted ? 201 : 409))
        #expect(response.condition == (isAccepted ? nil : "constraint-failure"))
    }

    @Test func aRootWithAPath() throws {
        let server = XCAPServer(root: try #require(XCAPRoot("https://h/xcap/")), digest: XCAPFixture.digest)
        for (path, status) in [("/xcap/resource-lists", 201), ("/resource-lists", 409), ("/xcapresource-lists", 409)] {
            let body = Self.document(Self.service(listed: "https://h\(path)/users/sip:joe@example.com/index"))
            let request = XCAPRequest(
                .put, path: Self.path, contentType: Self.type, body: Array(body.utf8), user: XCAPFixture.joe)
            #expect(server.respond(to: request, present: nil).response.status == status)
        }
    }

    @Test func urisAreUniqueWithinTheDocument() {
        let response = put("<service uri='sip:a@b'><list/></service><service uri='sip:a@b'><list/></service>")
        #expect(response.condition == "uniqueness-failure")
        #expect(response.report?.elements.map { $0[attribute: .init("field")] } == ["rls-services/service%5B2%5D/@uri"])
    }

    /// And on the whole server; then others are offered (RFC 4825 §11.1).
    @Test func urisAreUniqueOnTheServer() {
        let content = "<service uri='sip:a@b'><list/></service><service uri='sip:a-3@b'><list/></service>"
        let response = put(content, taken: ["sip:a@b", "sip:a-2@b"])
        #expect(response.condition == "uniqueness-failure")
        let exists = response.report?.elements ?? []
        #expect(exists.map { $0[attribute: .init("field")] } == ["rls-services/service%5B1%5D/@uri"])
        #expect(exists.first?.elements.map(\.text) == ["sip:a-4@b", "sip:a-5@b", "sip:a-6@b"])
        #expect(put(content, taken: ["sip:other@b"]).status == 201)
    }

    @Test func listsWithinServicesAreCheckedAsResourceListsAre() {
        let service = { (list: String) in "<service uri='sip:a@b'><list>\(list)</list></service>" }
        let duplicate = put(service("<rl:entry uri='b'/><rl:list><rl:entry uri='a'/><rl:entry uri='a'/></rl:list>"))
        #expect(duplicate.condition == "uniqueness-failure")
        let field = duplicate.report?.elements.first?[attribute: .init("field")]
        #expect(field == "rls-services/service%5B1%5D/list/*%5B2%5D/*%5B2%5D/@uri")
        #expect(put(service("<rl:external anchor='x'/>")).condition == "constraint-failure")
        #expect(put(service("<entry uri='a'/>")).condition == "schema-validation-error")
    }

    /// The union of the users' documents of the name `index` (§4.4.8).
    @Test func theGlobalIndex() throws {
        var fixture = XCAPFixture(trusted: [XCAPFixture.bill])
        let joe = "<service uri='sip:mybuddies@example.com'><list><rl:entry uri='sip:x@b'/></list></service>"
        let bill = "<service uri='sip:marketing@example.com'><list/><x:y xmlns:x='u' z='rl:q'/></service>"
        fixture.store(Self.document(joe), at: Self.path)
        fixture.store(Self.document(bill + joe), at: "/rls-services/users/sip:bill@example.com/index")
        fixture.store(
            Self.document("<service uri='sip:no@b'><list/></service>"),
            at: "/rls-services/users/sip:bill@example.com/other")
        fixture.user = XCAPFixture.bill
        let response = fixture.send(.get, "/rls-services/global/index")
        #expect(response.status == 200)
        #expect(response.contentType == Self.type)
        try RLSServicesSchema.schema.validate(response.body)
        let services = try XMLDocument(parsing: response.body).root.elements
        #expect(
            services.map { $0[attribute: .init("uri")] } == ["sip:marketing@example.com", "sip:mybuddies@example.com"])
        let one = fixture.send(.get, "/rls-services/global/index/~~/rls-services/service%5B2%5D/@uri")
        #expect(one.text == "\"sip:mybuddies@example.com\"")
    }
}
