import Primitives
import Testing

@testable import XCAP

/// The exchange of RFC 4825 §13, with its line folding undone.
struct SessionTests {
    private static let lists = "/resource-lists/users/sip:bill@example.com/index"
    private static let listsType = "application/resource-lists+xml"
    private static let friends = "\(lists)/~~/resource-lists/list%5b@name=%22friends%22%5d"

    @Test func theExampleOfTheStandard() {
        var fixture = XCAPFixture()
        fixture.user = XCAPFixture.bill
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
              <list name="friends">
              </list>
            </resource-lists>
            """
        #expect(fixture.send(.put, Self.lists, type: Self.listsType, document).status == 201)

        let services = """
            <?xml version="1.0" encoding="UTF-8"?>
            <rls-services xmlns="urn:ietf:params:xml:ns:rls-services">
            <service uri="sip:myfriends@example.com">
              <resource-list>http://xcap.example.com\(Self.friends)</resource-list>
              <packages>
               <package>presence</package>
              </packages>
             </service>
            </rls-services>
            """
        let servicesPath = "/rls-services/users/sip:bill@example.com/index"
        #expect(fixture.send(.put, servicesPath, type: "application/rls-services+xml", services).status == 201)

        let bob = """
            <entry uri="sip:bob@example.com">
                <display-name>Bob Jones</display-name>
              </entry>
            """
        #expect(
            fixture.send(.put, "\(Self.friends)/entry", type: "application/xcap-el+xml", bob).status == 201)
        let fetched = fixture.send(.get, Self.lists)
        #expect(fetched.status == 200)
        #expect(fetched.contentType == Self.listsType)
        #expect(fetched.entityTag != nil)
        #expect(fetched.text == document.replacing("  </list>", with: "  \(bob)</list>"))

        let close = """
            <list name="close-friends">
               <entry uri="sip:joe@example.com">
                 <display-name>Joe Smith</display-name>
               </entry>
               <entry uri="sip:nancy@example.com">
                 <display-name>Nancy Gross</display-name>
               </entry>
               <entry uri="sip:petri@example.com">
                 <display-name>Petri Aukia</display-name>
               </entry>
            </list>
            """
        let closePath = "\(Self.friends)/list%5b@name=%22close-friends%22%5d"
        #expect(fixture.send(.put, closePath, type: "application/xcap-el+xml", close).status == 201)

        let petri = "\(Self.lists)/~~/resource-lists/list/list/entry%5b@uri=%22sip:petri@example.com%22%5d"
        let deleted = fixture.send(.delete, petri)
        #expect(deleted.status == 200)
        #expect(deleted.entityTag == fixture.tag(at: Self.lists))
        #expect(fixture.send(.get, petri).status == 404)
        #expect(fixture.send(.delete, petri).status == 404)

        let attribute = fixture.send(.get, "\(Self.lists)/~~/resource-lists/list/list/entry%5b2%5d/@uri")
        #expect(attribute.status == 200)
        #expect(attribute.contentType == "application/xcap-att+xml")
        #expect(attribute.text == "\"sip:nancy@example.com\"")
    }
}
