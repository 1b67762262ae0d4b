import Primitives
import Testing

@testable import XCAP

/// Who may do what (RFC 4825 §5.7 and §8).
struct AuthorizationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var path: String
        /// What nobody, another user, the owner and a trusted user get, reading and writing.
        var reads: [Int]
        var writes: [Int]
        var testDescription: String { path }
    }

    static let cases = [
        Case(
            path: "/test/users/sip:joe@example.com/index", reads: [401, 403, 200, 403], writes: [401, 403, 200, 403]),
        Case(path: "/test/global/index", reads: [401, 200, 200, 200], writes: [401, 403, 403, 200]),
        Case(path: "/test/users/joe@example.com/none", reads: [401, 403, 404, 403], writes: [401, 403, 201, 403]),
        Case(
            path: "/none/users/sip:joe@example.com/index", reads: [404, 404, 404, 404], writes: [404, 404, 404, 404]),
        Case(path: "/test/users/joe/index", reads: [404, 404, 404, 404], writes: [404, 404, 404, 404]),
        Case(path: "/xcap-caps/global/index", reads: [401, 200, 200, 200], writes: [401, 403, 403, 405]),
        Case(path: "/rls-services/global/index", reads: [401, 403, 403, 200], writes: [401, 403, 403, 405]),
        Case(
            path: "/org.openmobilealliance.xcap-directory/users/joe@example.com/directory.xml",
            reads: [401, 403, 200, 403], writes: [401, 403, 405, 403]),
        Case(
            path: "/org.openmobilealliance.pres-content/users/joe@example.com/oma_status-icon/index",
            reads: [404, 404, 404, 404], writes: [401, 403, 415, 403]),
    ]

    @Test(arguments: cases)
    func decides(_ example: Case) {
        let other = AddressOfRecord("eve@example.com")!
        let admin = AddressOfRecord("admin@example.com")!
        for (index, user) in [nil, other, XCAPFixture.joe, admin].enumerated() {
            var fixture = XCAPFixture(trusted: [admin])
            fixture.store("<a/>", at: XCAPFixture.document)
            fixture.store("<a/>", at: "/test/global/index")
            fixture.user = user
            let before = fixture.documents
            #expect(fixture.send(.get, example.path).status == example.reads[index])
            #expect(fixture.send(.head, example.path).status == example.reads[index])
            let put = fixture.send(.put, example.path, type: "application/test+xml", "<b/>")
            #expect(put.status == example.writes[index])
            #expect((fixture.documents == before) == (put.status >= 400))
        }
    }

    /// Nothing is looked up for who may not see it, nor told about it.
    @Test func refusalsNeedNoDocument() {
        var fixture = XCAPFixture("<a/>")
        fixture.user = XCAPFixture.bill
        for node in ["", "/~~/a", "/~~/x", "/~~/p:x"] {
            let request = XCAPRequest(.get, path: XCAPFixture.document + node, user: fixture.user)
            #expect(fixture.server.source(for: request) == .none)
            #expect(fixture.server.respond(to: request, present: nil).response.status == 403)
        }
        let own = XCAPRequest(.get, path: "test/users/BILL@example.com/index", user: XCAPFixture.bill)
        #expect(fixture.server.source(for: own) == .none)
        let canonical = XCAPRequest(.get, path: "test/users/bill@EXAMPLE.com/index", user: XCAPFixture.bill)
        guard case .stored(let selector) = fixture.server.source(for: canonical) else {
            Issue.record("no document is needed")
            return
        }
        #expect(selector.description == "test/users/sip:bill@example.com/index")
    }
}
